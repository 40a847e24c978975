// Runs the tests against real servers, in real time.
#include <gtest/gtest.h>
#include <unistd.h>

#include "tests/host/host.h"

namespace {
class RealTime : public testing::EmptyTestEventListener {
    void OnTestStart(const testing::TestInfo&) override {
        host::reset();
        host::use_real_time([](util::Instant) { usleep(200); });
    }
};
}  // namespace

int main(int argc, char** argv) {
    testing::InitGoogleTest(&argc, argv);
    testing::UnitTest::GetInstance()->listeners().Append(new RealTime);
    return RUN_ALL_TESTS();
}
