// A download on its way into RAM: where it goes, and what people see of it.
#include "scripts/images/download.h"

#include "tests/host/host.h"
#include "tests/unit/scripts/image_fixture.h"

namespace scripts {
namespace {

constexpr std::uint32_t kMiB = 1 << 20;

struct DownloadTest : ImageFixture {
    DownloadTest() { host::reset(); }
    util::Result<void> receive(std::size_t size, char fill = 'x') {
        std::string data(size, fill);
        return download.write(util::as_bytes(data));
    }
    util::Loop loop;
    util::Text<80> shortage;
    Download download{images, loop, shortage};
};

TEST_F(DownloadTest, GoesStraightToItsPlace) {
    add("kernel", std::string(5000, 'k'));
    ASSERT_TRUE(download.begin(10).ok());
    ASSERT_TRUE(receive(4, 'a').ok());
    ASSERT_TRUE(receive(6, 'b').ok());
    EXPECT_EQ(download.place().base, kMiB + 8192);
    EXPECT_EQ(at(kMiB + 8192, 10), "aaaabbbbbb");
    download.say_done();
    EXPECT_EQ(host::console_output(), " ok\n");
}

TEST_F(DownloadTest, GrowsInTheLargestGapWhenNobodySaysHowMuchComes) {
    host::memory().map[1].length = 10u * kMiB;
    ASSERT_TRUE(download.begin(std::nullopt).ok());
    for (int i = 0; i < 10; ++i) ASSERT_TRUE(receive(kMiB).ok());
    EXPECT_EQ(&receive(1).failure(), &kNoImageMemory);
    EXPECT_EQ(shortage.view(), "needs 11 MiB, 10 MiB are free");
}

TEST_F(DownloadTest, IsRefusedAtOnceWhenItCannotFit) {
    EXPECT_EQ(&download.begin(std::uint64_t{5} << 30).failure(), &kNoImageMemory);
    EXPECT_EQ(shortage.view(), "needs 5120 MiB, 127 MiB are free");
}

TEST_F(DownloadTest, TakesMoreThanWasAnnounced) {
    ASSERT_TRUE(download.begin(3).ok());
    ASSERT_TRUE(receive(5).ok());
    EXPECT_EQ(download.place().size, 5u);
}

TEST_F(DownloadTest, SaysHowFarItIsOnceASecond) {
    ASSERT_TRUE(download.begin(100 * 1024).ok());
    for (int i = 0; i < 100; ++i) {
        ASSERT_TRUE(receive(1024).ok());
        host::advance(util::Duration::milliseconds(100));
    }
    download.say_done();
    EXPECT_EQ(host::console_output(), " 11% 21% 31% 41% 51% 61% 71% 81% 91% ok (100 KiB, 10 KiB/s)\n");
}

TEST_F(DownloadTest, SaysLittleWhenItIsSlow) {
    ASSERT_TRUE(download.begin(1000).ok());
    for (int i = 0; i < 30; ++i) {
        ASSERT_TRUE(receive(3).ok());
        host::advance(util::Duration::seconds(1));
    }
    EXPECT_EQ(host::console_output(), " 1% 3% 4% 6% 7%");
}

TEST_F(DownloadTest, CountsMegabytesWithoutAnAnnouncement) {
    ASSERT_TRUE(download.begin(std::nullopt).ok());
    for (int i = 0; i < 16; ++i) {
        ASSERT_TRUE(receive(kMiB).ok());
        host::advance(util::Duration::milliseconds(500));
    }
    EXPECT_EQ(host::console_output(), " 5 MiB 10 MiB 15 MiB");
}

}  // namespace
}  // namespace scripts
