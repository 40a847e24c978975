// Runs the tests against real targets, in real time.
#include <gtest/gtest.h>

#include "tests/host/host.h"
#include "tests/host/posix_stream.h"

namespace {
class RealTime : public testing::EmptyTestEventListener {
    void OnTestStart(const testing::TestInfo&) override {
        host::reset();
        host::use_real_time(host::wait_for_sockets);
    }
};
}  // namespace

int main(int argc, char** argv) {
    testing::InitGoogleTest(&argc, argv);
    testing::UnitTest::GetInstance()->listeners().Append(new RealTime);
    return RUN_ALL_TESTS();
}
