// md5sum and its like, imgmem, imgset.
#include "tests/unit/scripts/image_fixture.h"
#include "tests/unit/scripts/test_system.h"

namespace scripts {
namespace {

struct Sums : testing::Test, TestSystem {
    Sums() { host::memory() = {}; }
    void add(const char* name, std::string_view content) {
        util::Vector<std::byte> bytes;
        for (char c : content) (void)bytes.push(static_cast<std::byte>(c));
        ASSERT_TRUE(system.images.add(name, "", std::move(bytes)).ok());
    }
};

// Of "abc": RFC 1321 appendix A.5, FIPS 180-4's examples.
TEST_F(Sums, AreThoseOfTheStandards) {
    add("abc", "abc");
    EXPECT_EQ(output("#!ipxe\nmd5sum abc"), "900150983cd24fb0d6963f7d28e17f72  abc\n");
    EXPECT_EQ(output("#!ipxe\nsha1sum abc"), "a9993e364706816aba3e25717850c26c9cd0d89d  abc\n");
    EXPECT_EQ(output("#!ipxe\nsha224sum abc"), "23097d223405d8228642a477bda255b32aadbce4bda0b3f7e36c9da7  abc\n");
    EXPECT_EQ(output("#!ipxe\nsha256sum abc"), "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad  abc\n");
    EXPECT_EQ(output("#!ipxe\nsha384sum abc"),
              "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed8086072ba1e7cc2358baeca134c825a7  abc\n");
    EXPECT_EQ(output("#!ipxe\nsha512sum abc"),
              "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f"
              "  abc\n");
}

TEST_F(Sums, GoIntoASettingThatComparesWithText) {
    add("abc", "abc");
    EXPECT_EQ(output("#!ipxe\nset expected:hexraw 900150983cd24fb0d6963f7d28e17f72\nmd5sum --set actual abc\niseq ${expected} ${actual} && echo same"),
              "same\n");
    EXPECT_EQ(output("#!ipxe\nmd5sum -s sum:hexhyp abc\necho ${sum}"), "90-01-50-98-3c-d2-4f-b0-d6-96-3f-7d-28-e1-7f-72\n");
    EXPECT_FALSE(run("#!ipxe\nmd5sum --set netX/b abc").ok());
}

TEST_F(Sums, TakeSeveralImagesAndNameWhatIsMissing) {
    add("a", "abc");
    add("b", "");
    EXPECT_EQ(output("#!ipxe\nmd5sum a b"), "900150983cd24fb0d6963f7d28e17f72  a\nd41d8cd98f00b204e9800998ecf8427e  b\n");
    EXPECT_FALSE(run("#!ipxe\nmd5sum nothing:x").ok());
    EXPECT_FALSE(run("#!ipxe\nmd5sum").ok());
}

TEST_F(Sums, StopAtCtrlC) {
    start();
    add("big", std::string(3 << 20, 'x'));
    host::type_key(platform::kCtrlC);
    auto status = run("#!ipxe\nsha1sum big");
    ASSERT_FALSE(status.ok());
    EXPECT_EQ(&status.failure(), &util::kCancelled);
}

TEST_F(Sums, NeedAnI686) {
    const SystemParts& parts = system.parts;
    System old({.loop = parts.loop, .stack = parts.stack, .connector = parts.connector, .datagrams = parts.datagrams,
                .random = parts.random, .drives = parts.drives, .cpu = CpuLevel::I486});
    ASSERT_TRUE(old.start().ok());
    EXPECT_FALSE(old.engine.run_line("md5sum abc").ok());
    EXPECT_NE(old.engine.last_error().find("i686"), std::string_view::npos);
}

TEST_F(Sums, MemoryBecomesAnImage) {
    std::memcpy(platform::memory_at(0x8000), "abc", 3);
    EXPECT_EQ(output("#!ipxe\nimgmem --name m 0x8000 3\nmd5sum m"), "900150983cd24fb0d6963f7d28e17f72  m\n");
    EXPECT_EQ(output("#!ipxe\nimgfree\nimgmem 0x8000 2\nimgstat"), "0x8000 : 2 bytes\n");
    EXPECT_FALSE(run("#!ipxe\nimgmem 0xf0000000 16").ok());
    EXPECT_FALSE(run("#!ipxe\nimgmem x 16").ok());
    EXPECT_FALSE(run("#!ipxe\nimgmem 0 0x100000000").ok());
}

TEST_F(Sums, ImagesBecomeSettings) {
    std::memcpy(platform::memory_at(0x8000), "abc", 3);
    EXPECT_EQ(output("#!ipxe\nimgfree\nimgmem --name m 0x8000 3\nimgset a m\nimgset b:hex m\necho ${a} ${b} ${a:hex}\nimgstat"),
              "abc 61:62:63 61:62:63\nm : 3 bytes\n");
    EXPECT_FALSE(run("#!ipxe\nimgset a:nonsense m").ok());
    EXPECT_FALSE(run("#!ipxe\nimgset a").ok());
}

}  // namespace
}  // namespace scripts
