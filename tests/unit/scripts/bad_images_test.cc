// Images that are cut off, corrupt, too large or made for another place: what is said of each, and that the script, or the person at the
// shell, goes on.
#include <platform/boot.h>

#include "scripts/images/boot_plan.h"
#include "tests/unit/scripts/image_maker.h"
#include "tests/unit/scripts/test_system.h"
#include "util/crc32.h"
#include "util/inflate.h"

namespace scripts {
namespace {

struct BadImages : testing::Test, TestSystem {
    BadImages() {
        host::memory() = {};
        host::machine().boot_failure = &platform::kGaveBack;
        host::machine().on_boot = [this](const BootPlan&) { booted = true; };
    }
    ~BadImages() override { unplug(); }

    // As if it had been fetched.
    Image& add(std::string_view name, const std::string& content) {
        MemoryGap gap = find_gap(system.images.images(), content.size());
        EXPECT_GE(gap.size, content.size());
        if (!content.empty()) std::memcpy(platform::memory_at(gap.base), content.data(), content.size());
        return *system.images.add(name, "", {gap.base, static_cast<std::uint32_t>(content.size())}).take();
    }
    // What is printed when it is started, without the command's name; empty when it was started.
    std::string said_of(const std::string& content) {
        system.images.free_all();
        add("bad", content);
        return said();
    }
    std::string said() {
        booted = false;
        std::string text = output("#!ipxe\nimgstat\nchain bad || echo still here");
        if (booted) return "";
        EXPECT_TRUE(text.ends_with("\nstill here\n")) << text;
        EXPECT_NE(text.find("bad : "), std::string::npos);
        std::size_t begin = text.find("bytes"), command = text.find("chain bad: ");
        EXPECT_NE(command, std::string::npos) << text;
        begin = text.find('\n', begin);
        while (begin + 1 < command && text.substr(begin + 1, 2) != "  ") begin = text.find('\n', begin + 1);
        std::string details = text.substr(begin + 1, command - begin - 1);
        std::size_t reason = command + std::string_view("chain bad: ").size();
        return details + text.substr(reason, text.rfind("\nstill here") - reason);
    }
    static std::string but(std::string file, auto... places_and_values) {
        auto set = [&](auto&& self, std::size_t at, auto value, auto... more) -> void {
            put(file, at, value);
            if constexpr (sizeof...(more)) self(self, more...);
        };
        set(set, places_and_values...);
        return file;
    }
    bool booted = false;
};

constexpr const char* kCutOff = "the kernel is cut off";
constexpr const char* kNoKernel = "  it is a program for EFI or Windows, and this is a BIOS machine\nnot something that can be started";

TEST_F(BadImages, KernelsThatAreCutOff) {
    // As Linux has it: an EFI program as well, with a payload.
    std::string good = but(kernel(0x20f, kMiB), 0, std::uint16_t{0x5a4d}, 0x248, std::uint32_t{512}, 0x24c, std::uint32_t{kMiB - 1024}, 0x1f4,
                           std::uint32_t{kMiB / 16});
    EXPECT_EQ(said_of(good), "");
    for (std::size_t size : {std::size_t{0x208}, std::size_t{0x220}, std::size_t{0x267}, std::size_t{0x268}, std::size_t{1535}, std::size_t{1536}, std::size_t{1537},
                             good.size() - 1024, good.size() - 16})
        EXPECT_EQ(said_of(good.substr(0, size)), kCutOff) << size;
    for (std::size_t size : {2, 511, 512, 0x207}) EXPECT_EQ(said_of(good.substr(0, size)), kNoKernel) << size;
    EXPECT_EQ(said_of(good.substr(0, good.size() - 15)), "") << "the last paragraph may be incomplete";
    // Others do not say how long they are (memdisk): what is left of them has to do.
    EXPECT_EQ(said_of(kernel(0x203, 1000)), "");
}

TEST_F(BadImages, KernelsWhoseHeadersMakeNoSense) {
    std::string good = kernel(0x20f);
    EXPECT_EQ(said_of(but(good, 0x1f1, std::uint8_t{255})), "  its setup code has 128 KiB, and there is room for 56\nthe kernel's header makes no sense");
    EXPECT_EQ(said_of(but(good, 0x258, std::uint64_t{5} << 30)),
              "  it is made to run at address 0x140000000, above 4 GiB\nthe kernel's header makes no sense");
    EXPECT_EQ(said_of(but(good, 0x248, std::uint32_t{0xffffffff}, 0x24c, std::uint32_t{0x101})), kCutOff) << "wraps 32 bits";
    EXPECT_EQ(said_of(but(good, 0x1f4, std::uint32_t{0x10000001}, 0x24c, std::uint32_t{1})), kCutOff) << "wraps 32 bits";
    EXPECT_EQ(said_of(but(good, 0x260, std::uint32_t{0xffffffff})),
              "  it needs 4194304 KiB at address 0x1000000, where there is not that much memory\nnot enough memory to start it");
    EXPECT_EQ(said_of(but(good, 0x258, std::uint64_t{0xfffff000})),
              "  it needs 40960 KiB at address 0xfffff000, where there is not that much memory\nnot enough memory to start it");
}

TEST_F(BadImages, KernelsForWhichThereIsNoRoom) {
    EXPECT_EQ(said_of(but(kernel(0x20f), 0x260, std::uint32_t{200 * kMiB})),
              "  it needs 204800 KiB at address 0x1000000, where there is not that much memory\nnot enough memory to start it");
    EXPECT_EQ(said_of(but(kernel(0x200, 0x80001), 0x211, std::uint8_t{0})),
              "  it has 513 KiB, and such an old kernel has 512 KiB at most\nthe kernel's header makes no sense");
    EXPECT_EQ(said_of(but(kernel(0x200, 0x80000), 0x211, std::uint8_t{0})), "");
}

TEST_F(BadImages, InitrdsThatAreTooLargeForMachineOrKernel) {
    system.images.free_all();
    add("bad", kernel(0x20f));
    add("initrd", std::string(80 * kMiB, 'i'));
    EXPECT_EQ(said(), "  its initrd needs 80 MiB, 72 MiB are free\nnot enough memory to start it");
    system.images.free_all();
    add("bad", but(kernel(0x20b, kMiB), 0x22c, std::uint32_t{64 * kMiB - 1}));
    add("initrd", std::string(20 * kMiB, 'i'));
    EXPECT_EQ(said(), "  its initrd needs 20 MiB, 14 MiB are free below address 0x4000000\nnot enough memory to start it");
}

TEST_F(BadImages, InitrdsThatTheCommandLineNamesAndNobodyHasFetched) {
    add("linux", kernel(0x20f));
    add("initrd.img", "some");
    auto said_with = [&](std::string_view line) {
        auto text = output("#!ipxe\nimgargs linux " + std::string(line) + "\nchain linux ||");
        // It has come back: all images are gone.
        add("linux", kernel(0x20f));
        add("initrd.img", "some");
        return text.substr(0, text.find("chain linux"));
    };
    EXPECT_EQ(said_with("initrd=initrd.img root=/dev/ram0"), "");
    EXPECT_EQ(said_with("initrd=boot/initrd.img"), "");
    EXPECT_EQ(said_with("initrd=initrd.magic"), "");
    EXPECT_EQ(said_with("rdinit=/x initrd= noinitrd=y"), "");
    EXPECT_EQ(said_with("quiet initrd=initrd.gz"), "  warning: the command line has initrd=initrd.gz, and there is no image of that name\n");
    EXPECT_EQ(said_with("initrd=a,initrd.img,b"), "  warning: the command line has initrd=a, and there is no image of that name\n"
                                                  "  warning: the command line has initrd=b, and there is no image of that name\n");
}

constexpr const char* kBadMultibootText = "the Multiboot header contradicts the file";

std::string multiboot_by_addresses(std::uint32_t header, std::uint32_t load, std::uint32_t end, std::uint32_t bss, std::uint32_t entry) {
    std::string file = words({0x1badb002, 0x10000, 0u - 0x1badb002 - 0x10000, header, load, end, bss, entry});
    file.resize(1000, 'k');
    return file;
}

TEST_F(BadImages, MultibootKernelsThatContradictThemselves) {
    constexpr std::uint32_t kAt = 3 * kMiB;
    EXPECT_EQ(said_of(multiboot_by_addresses(kAt, kAt, 0, 0, kAt + 32)), "");
    EXPECT_EQ(said_of(multiboot_by_addresses(kAt, kAt, 0, 0, kAt + 32).substr(0, 31)), kBadMultibootText);
    EXPECT_EQ(said_of(multiboot_by_addresses(kAt + 16, kAt, 0, 0, kAt)), kBadMultibootText) << "begins in front of the file";
    EXPECT_EQ(said_of(multiboot_by_addresses(kAt, kAt, kAt + 1001, 0, kAt)), kBadMultibootText) << "ends behind the file";
    EXPECT_EQ(said_of(multiboot_by_addresses(kAt, kAt, kAt - 1, 0, kAt)), kBadMultibootText);
    EXPECT_EQ(said_of(multiboot_by_addresses(kAt, kAt, 0, 0, 5)),
              std::string("  it is to be entered at address 0x5, where nothing of it is\n") + kBadMultibootText);
    EXPECT_EQ(said_of(multiboot_by_addresses(kAt, kAt, kAt, 0, kAt)),
              std::string("  it is to be entered at address 0x300000, where nothing of it is\n") + kBadMultibootText);
    EXPECT_EQ(said_of(multiboot_by_addresses(kAt, kAt, 0, 0xffffffff, kAt)),
              "  it needs 4191232 KiB at address 0x300000, where there is not that much memory\nnot enough memory to start it");
    EXPECT_EQ(said_of(multiboot_by_addresses(0xfffffff0, 0xfffffff0, 0, 0, 0xfffffff0)),
              "  it needs 1 KiB at address 0xfffffff0, where there is not that much memory\nnot enough memory to start it");
    EXPECT_EQ(said_of(multiboot_by_addresses(0x7c00, 0x7c00, 0, 0x100000, 0x7c00)),
              "  it needs 993 KiB at address 0x7c00, where there is not that much memory\nnot enough memory to start it");
    EXPECT_EQ(said_of(multiboot_by_addresses(0xa0000, 0xa0000, 0, 0, 0xa0000)),
              "  it needs 1 KiB at address 0xa0000, where memory is not free: the BIOS or this firmware has it\nit cannot be put where it must be");
    EXPECT_EQ(said_of(words({0x1badb002, 0, 0u - 0x1badb002})), kBadMultibootText) << "no ELF file either";
    EXPECT_EQ(said_of(words({0x1badb002, 0x8, 0u - 0x1badb002 - 0x8})),
              "  flags 0x8 of its Multiboot header\nthe kernel insists on something that is not offered here");
}

std::string multiboot2(const std::string& tags) {
    auto length = static_cast<std::uint32_t>(16 + tags.size());
    std::string file = words({0xe85250d6, 0, length, 0u - 0xe85250d6 - length}) + tags;
    file.resize(1000, 'k');
    return file;
}

TEST_F(BadImages, Multiboot2KernelsThatContradictThemselves) {
    constexpr std::uint32_t kAt = 3 * kMiB;
    std::string entry = words({3, 12, kAt + 100, 0});
    auto addresses = [](std::uint32_t header, std::uint32_t load, std::uint32_t end) { return words({2, 24, header, load, end, 0}); };
    EXPECT_EQ(said_of(multiboot2(addresses(kAt, kAt, 0) + entry + words({0, 8}))), "");
    EXPECT_EQ(said_of(multiboot2(addresses(kAt, 0xffffffff, 0) + entry)), "") << "from the file's beginning";
    EXPECT_EQ(said_of(multiboot2(addresses(kAt, kAt, 0))), kBadMultibootText) << "no entry";
    EXPECT_EQ(said_of(multiboot2(entry)), kBadMultibootText) << "no ELF file either";
    EXPECT_EQ(said_of(multiboot2(addresses(kAt, kAt, kAt + 50) + entry)),
              std::string("  it is to be entered at address 0x300064, where nothing of it is\n") + kBadMultibootText);
    EXPECT_EQ(said_of(multiboot2(addresses(kAt, kAt + 8, 0) + entry)), kBadMultibootText);
    EXPECT_EQ(said_of(multiboot2(words({2, 16, kAt, kAt}))), kBadMultibootText) << "a tag that is too short";
    EXPECT_EQ(said_of(multiboot2(words({2, 0xffffffff, kAt, kAt}))), kBadMultibootText) << "a tag that is too long";
    EXPECT_EQ(said_of(multiboot2(words({2, 0, 0, 0}))), kBadMultibootText) << "a tag without length";
    // A header that does not fit into the file is none, and then nothing is known of it.
    EXPECT_EQ(said_of("MZ" + std::string(30, '\0') + multiboot2(entry).substr(0, 20)), kNoKernel);
}

constexpr const char* kBadElfText = "the ELF file is cut off or malformed";

TEST_F(BadImages, ElfFilesThatAreCutOffOrMalformed) {
    constexpr std::uint32_t kAt = 2 * kMiB;
    std::string good = elf32({{kAt, kAt, 1000, 3000}, {kAt + 4096, kAt + 4096, 100, 100}}, kAt);
    EXPECT_EQ(said_of(good), "");
    for (std::size_t size : {std::size_t{20}, std::size_t{51}, std::size_t{52}, std::size_t{83}, std::size_t{84}, std::size_t{115}, std::size_t{116}, good.size() - 101,
                             good.size() - 1})
        EXPECT_EQ(said_of(good.substr(0, size)), kBadElfText) << size;
    EXPECT_EQ(said_of(good.substr(0, 19)), "  it is an ELF file, but neither for 32 bits nor with a Multiboot header\nnot something that can be started");
    EXPECT_EQ(said_of(but(good, 28, std::uint32_t{0xffffffff})), kBadElfText) << "headers outside";
    EXPECT_EQ(said_of(but(good, 28, std::uint32_t{0xffffffe0})), kBadElfText) << "headers that wrap";
    EXPECT_EQ(said_of(but(good, 42, std::uint16_t{0})), kBadElfText) << "headers of no size";
    EXPECT_EQ(said_of(but(good, 42, std::uint16_t{8})), kBadElfText) << "headers that are too small";
    EXPECT_EQ(said_of(but(good, 44, std::uint16_t{0})), kBadElfText) << "no headers";
    EXPECT_EQ(said_of(but(good, 44, std::uint16_t{0xffff})), kBadElfText) << "too many headers";
    EXPECT_EQ(said_of(but(good, 52 + 4, std::uint32_t{0xffffff00})), kBadElfText) << "a segment that wraps";
    EXPECT_EQ(said_of(but(good, 52 + 16, std::uint32_t{3001})), kBadElfText) << "more in the file than in memory";
    EXPECT_EQ(said_of(but(good, 24, std::uint32_t{kAt + 3000})), kBadElfText) << "an entry beside the segments";
}

TEST_F(BadImages, ElfFilesForAnotherPlace) {
    auto at = [](std::uint32_t address, std::uint32_t size) { return elf32({{address, address, 10, size}}, address); };
    EXPECT_EQ(said_of(elf32({{2 * kMiB, 0, 10, 5000}, {2 * kMiB + 4999, 0, 10, 10}}, 0)),
              "  it needs 1 KiB at address 0x201387, where another part of it goes\nit cannot be put where it must be");
    EXPECT_EQ(said_of(at(200 * kMiB, 10)), "  it needs 1 KiB at address 0xc800000, where there is not that much memory\nnot enough memory to start it");
    EXPECT_EQ(said_of(at(127 * kMiB, 2 * kMiB)), "  it needs 2048 KiB at address 0x7f00000, where there is not that much memory\nnot enough memory to start it");
    EXPECT_EQ(said_of(at(0xfffff000, 0x1000)), "  it needs 4 KiB at address 0xfffff000, where there is not that much memory\nnot enough memory to start it");
    EXPECT_EQ(said_of(at(0xfffff000, 0x2000)), "  it needs 8 KiB at address 0xfffff000, where there is not that much memory\nnot enough memory to start it");
    // Vectors and BIOS data; what is resident of us; video memory; the BIOS.
    for (std::uint32_t address : {0x0u, 0x400u, 0x9c000u, 0xb8000u, 0xf0000u}) {
        util::Text<160> text;
        text.format("  it needs 1 KiB at address 0x%x, where memory is not free: the BIOS or this firmware has it\nit cannot be put where it must be", address);
        EXPECT_EQ(said_of(at(address, 10)), text.view());
    }
    // Our own memory is a hole of the map.
    host::memory().map[1].length = 63u * kMiB;
    host::memory().map.push_back({std::uint64_t{66 * kMiB}, std::uint64_t{62 * kMiB}, 1u});
    EXPECT_EQ(said_of(at(65 * kMiB, 10)),
              "  it needs 1 KiB at address 0x4100000, where memory is not free: the BIOS or this firmware has it\nit cannot be put where it must be");
    EXPECT_EQ(said_of(at(66 * kMiB, 10)), "");
}

TEST_F(BadImages, BootProgramsAndBootSectors) {
    EXPECT_EQ(said_of("\xeb\xfe" + std::string(600000, '\x90')), "");
    EXPECT_EQ(said_of("\xeb\xfe" + std::string(620000, '\x90')),
              "  it needs 606 KiB at address 0x7c00, where there is not that much memory\nnot enough memory to start it");
    EXPECT_EQ(said_of("\xeb\xfe" + std::string(700000, '\x90')),
              "  it has no mark, and is too large for a network boot program\nnot something that can be started");
    std::string sector = but(std::string("\xeb\xfe"), 510, std::uint16_t{0xaa55});
    EXPECT_EQ(said_of(sector), "");
    sector.resize(0x8001);
    EXPECT_EQ(said_of(sector), "  it is a disk image: use sanboot, or memdisk\nnot something that can be started");
    EXPECT_EQ(said_of(""), "  it is empty\nnot something that can be started");
}

TEST_F(BadImages, PackedFiles) {
    // One stored block.
    auto packed = [](const std::string& text) {
        std::string file("\x1f\x8b\x08\0\0\0\0\0\0\3\1", 11);
        put(file, file.size(), static_cast<std::uint16_t>(text.size()));
        put(file, file.size(), static_cast<std::uint16_t>(~text.size()));
        file += text;
        put(file, file.size(), util::crc32(0, util::as_bytes(text)));
        put(file, file.size(), static_cast<std::uint32_t>(text.size()));
        return file;
    };
    constexpr const char* kCorrupt = "the packed data is corrupt or cut off";
    std::string program = "\xeb\xfe" + std::string(500, '\x90'), good = packed(program);
    EXPECT_EQ(said_of(good), "");
    for (std::size_t size : {std::size_t{3}, std::size_t{9}, std::size_t{10}, std::size_t{14}, std::size_t{100}, good.size() - 9, good.size() - 8, good.size() - 1})
        EXPECT_EQ(said_of(good.substr(0, size)), kCorrupt) << size;
    EXPECT_EQ(said_of(but(good, 10, std::uint8_t{7})), kCorrupt) << "a kind of block that there is not";
    EXPECT_EQ(said_of(but(good, 100, std::uint8_t{0})), "what was unpacked has the wrong check sum");
    EXPECT_EQ(said_of(but(good, good.size() - 4, std::uint32_t{501})), "what was unpacked has the wrong check sum");
    EXPECT_EQ(said_of(but(good, 3, std::uint8_t{4}, 10, std::uint16_t{0xffff})), kCorrupt) << "an extra field that is too long";
    EXPECT_EQ(said_of(packed("")), "  it is empty\nnot something that can be started");
    EXPECT_EQ(said_of(packed(packed(packed(program)))), "");
    EXPECT_EQ(said_of(packed(packed(packed(packed(packed(program)))))), "what is packed in it is packed again, and again");
    // It says that it has five bytes, and has more than there is room for.
    host::memory().map[1].length = 4096u * 16;
    std::string large = packed(std::string(60000, 'x'));
    EXPECT_EQ(said_of(but(large, large.size() - 4, std::uint32_t{5})), "  needs 1 MiB, 0 MiB are free\nno room for what is unpacked");
}

TEST_F(BadImages, WhatIsNoProgram) {
    auto start = "not something that can be started";
    EXPECT_EQ(said_of("<html>404</html>"), std::string("  it is an HTML page\n") + start);
    system.images.free_all();
    add("initrd", "070701 and so on");
    EXPECT_EQ(output("#!ipxe\nkernel initrd || echo one\nboot || echo two\nboot initrd || echo three\nimgselect initrd || echo four\nimgexec initrd || echo five"),
              "  it is a cpio archive: use initrd\nkernel initrd: not something that can be started\none\n"
              "boot: no image is selected: name one, or use kernel first\ntwo\n"
              "  it is a cpio archive: use initrd\nboot initrd: not something that can be started\nthree\n"
              "  it is a cpio archive: use initrd\nimgselect initrd: not something that can be started\nfour\n"
              "  it is a cpio archive: use initrd\nimgexec initrd: not something that can be started\nfive\n");
    EXPECT_EQ(output("#!ipxe\nimgfree nothing || echo gone on"), "imgfree nothing: there is no image of that name\ngone on\n");
}

}  // namespace
}  // namespace scripts
