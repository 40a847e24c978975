#include "san/el_torito.h"

#include <gtest/gtest.h>

#include "tests/unit/san/fake_disk.h"

namespace san {
namespace {

struct ElTorito : testing::Test {
    ElTorito() {
        host::reset();
        medium.geometry.is_cdrom = true;
        std::fill(medium.bytes.begin(), medium.bytes.end(), std::byte{0});
        put(17, 0, std::string("\0CD001\1EL TORITO SPECIFICATION", 30));
        put(17, 0x47, std::string("\x14\0\0\0", 4));
        put(20, 0, std::string("\1\0", 2));
        entry(1, "\x88\x00\xc0\x07\x00\x00\x04\x00\x1e\x00\x00\x00");
    }
    void put(std::size_t lba, std::size_t at, std::string_view text) {
        std::memcpy(&medium.bytes[lba * 2048 + at], text.data(), text.size());
    }
    void entry(std::size_t index, const char* bytes) { put(20, index * 32, {bytes, 12}); }
    util::Result<CdBootEntry> find() {
        DrivePath path;
        auto device = util::make_owned<FakeDisk>(loop, medium).take();
        auto drive = Drive::create(loop, 0x80, std::move(device), path, 0).take();
        return find_boot_entry(*drive);
    }
    const util::Failure* failure() {
        auto found = find();
        return found.ok() ? nullptr : &found.failure();
    }
    util::Loop loop;
    FakeMedium medium{64, 2048};
};

TEST_F(ElTorito, FindsTheInitialEntry) {
    auto entry = find().take();
    EXPECT_EQ(entry.media, CdBootEntry::Media::NoEmulation);
    EXPECT_EQ(entry.segment, 0x7c0);
    EXPECT_EQ(entry.sectors, 4);
    EXPECT_EQ(entry.lba, 30u);
}

TEST_F(ElTorito, FillsInWhatIsUsual) {
    entry(1, "\x88\x02\x00\x00\x00\x00\x00\x00\x1e\x00\x00\x00");
    auto entry = find().take();
    EXPECT_EQ(entry.media, CdBootEntry::Media::Floppy1440);
    EXPECT_EQ(entry.segment, 0x7c0);
    EXPECT_EQ(entry.sectors, 1);
}

TEST_F(ElTorito, TakesTheFirstThatIsForABios) {
    put(20, 0, std::string("\1\xef", 2));
    entry(2, "\x91\x00\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00");
    entry(3, "\x88\x00\x00\x00\x00\x00\x08\x00\x1f\x00\x00\x00");
    EXPECT_EQ(find().take().lba, 31u);
}

TEST_F(ElTorito, SkipsWhatIsNotBootableUnknownOrOutside) {
    for (auto bytes : {"\x00\x00\xc0\x07\x00\x00\x04\x00\x1e\x00\x00\x00", "\x88\x05\xc0\x07\x00\x00\x04\x00\x1e\x00\x00\x00",
                       "\x88\x00\xc0\x07\x00\x00\x04\x00\x40\x00\x00\x00"}) {
        entry(1, bytes);
        EXPECT_EQ(failure(), &kNoBiosEntry);
    }
}

TEST_F(ElTorito, SaysThatACdIsNotBootable) {
    put(17, 0x47, std::string("\x40\0\0\0", 4));
    EXPECT_EQ(failure(), &kNotBootableCd);
    put(17, 7, "OTHER");
    EXPECT_EQ(failure(), &kNotBootableCd);
    medium.geometry.blocks = 17;
    EXPECT_EQ(failure(), &kNotBootableCd);
}

}  // namespace
}  // namespace san
