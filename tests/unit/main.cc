// Runs the tests of one part, each from a fresh platform: time zero, empty console.
#include <gtest/gtest.h>

#include "tests/host/host.h"

namespace {
class FreshPlatform : public testing::EmptyTestEventListener {
    void OnTestStart(const testing::TestInfo&) override { host::reset(); }
};
}  // namespace

int main(int argc, char** argv) {
    testing::InitGoogleTest(&argc, argv);
    testing::UnitTest::GetInstance()->listeners().Append(new FreshPlatform);
    return RUN_ALL_TESTS();
}
