// Multiboot kernels, ELF files, boot programs and gzip files: what is planned for them.
#include <map>
#include <vector>

#include "scripts/images/layout.h"
#include "tests/unit/scripts/image_fixture.h"
#include "tests/unit/scripts/image_maker.h"

namespace scripts {
namespace {

struct Programs : ImageFixture {
    std::string text_at(std::uint32_t address) { return reinterpret_cast<const char*>(platform::memory_at(address)); }
};

TEST_F(Programs, LoadsAnElfFileAtItsPhysicalAddresses) {
    Image& image = add("elf", elf32({{2 * kMiB, 0xc0200000, 1000, 3000}, {3 * kMiB, 0xc0300000, 500, 500}}, 0xc0200010));
    ASSERT_TRUE(make_plan(image).ok()) << detail();
    EXPECT_EQ(plan->entry, BootPlan::Entry::Protected);
    EXPECT_EQ(plan->returns, BootPlan::Returns::Perhaps);
    EXPECT_EQ(plan->eip, 2 * kMiB + 0x10);
    carry_out();
    EXPECT_EQ(at(2 * kMiB, 3000), std::string(1000, 'a') + std::string(2000, '\0'));
    EXPECT_EQ(at(3 * kMiB, 500), std::string(500, 'b'));
}

TEST_F(Programs, RefusesElfFilesThatMakeNoSense) {
    std::string good = elf32({{2 * kMiB, 2 * kMiB, 1000, 3000}}, 2 * kMiB);
    auto refused = [&](std::string file) { return make_plan(add("elf", file)).failure().text; };
    EXPECT_STREQ(refused(good.substr(0, good.size() - 1)), "the ELF file is cut off or malformed");
    EXPECT_STREQ(refused(good.substr(0, 80)), "the ELF file is cut off or malformed");
    std::string no_entry = good;
    put(no_entry, 24, std::uint32_t{5 * kMiB});
    EXPECT_STREQ(refused(no_entry), "the ELF file is cut off or malformed");
    EXPECT_STREQ(refused(elf32({{200 * kMiB, 0, 10, 10}}, 0)), "not enough memory to start it");
    EXPECT_STREQ(refused(elf32({{2 * kMiB, 0, 10, 0xffffffff}}, 0)), "not enough memory to start it");
    EXPECT_STREQ(refused(elf32({{2 * kMiB, 0, 10, 10}, {2 * kMiB + 5, 0, 10, 10}}, 0)), "it cannot be put where it must be");
}

TEST_F(Programs, TellsAMultibootKernelOfMemoryAndModules) {
    Image& image = add("kernel", elf32({{2 * kMiB, 2 * kMiB, 1000, 1000}}, 2 * kMiB, words({0x1badb002, 3, 0u - 0x1badb002 - 3})), "a b");
    add("one", "first", "x");
    add("two", std::string(5000, '2'));
    ASSERT_TRUE(make_plan(image).ok()) << detail();
    EXPECT_EQ(plan->eax, 0x2badb002u);
    std::uint32_t info = plan->ebx;
    carry_out();
    EXPECT_EQ(value<std::uint32_t>(info), 0x24du);
    EXPECT_EQ(value<std::uint32_t>(info + 4), 0x9b800u / 1024);
    EXPECT_EQ(value<std::uint32_t>(info + 8), 127u * 1024);
    EXPECT_EQ(text_at(value<std::uint32_t>(info + 16)), "kernel a b");
    EXPECT_EQ(text_at(value<std::uint32_t>(info + 64)), "Sanpiper");
    ASSERT_EQ(value<std::uint32_t>(info + 20), 2u);
    std::uint32_t modules = value<std::uint32_t>(info + 24);
    std::uint32_t first = value<std::uint32_t>(modules), second = value<std::uint32_t>(modules + 16);
    EXPECT_EQ(first, 128 * kMiB - 3 * 4096);
    EXPECT_EQ(second, 128 * kMiB - 2 * 4096);
    EXPECT_EQ(at(first, value<std::uint32_t>(modules + 4) - first), "first");
    EXPECT_EQ(at(second, value<std::uint32_t>(modules + 20) - second), std::string(5000, '2'));
    EXPECT_EQ(text_at(value<std::uint32_t>(modules + 8)), "one x");
    EXPECT_EQ(text_at(value<std::uint32_t>(modules + 24)), "two ");
    std::uint32_t map = value<std::uint32_t>(info + 48);
    EXPECT_EQ(value<std::uint32_t>(info + 44), 3u * 24);
    EXPECT_EQ(value<std::uint32_t>(map), 20u);
    EXPECT_EQ(value<std::uint64_t>(map + 24 + 4), kMiB);
    EXPECT_EQ(value<std::uint64_t>(map + 24 + 12), 127u * kMiB);
    EXPECT_EQ(value<std::uint32_t>(map + 24 + 20), 1u);
}

TEST_F(Programs, LoadsAMultibootKernelByItsHeadersAddresses) {
    std::string file(64, 'p');  // not loaded
    file += words({0x1badb002, 0x10000, 0u - 0x1badb002 - 0x10000, 3 * kMiB + 16, 3 * kMiB, 3 * kMiB + 100, 3 * kMiB + 200, 3 * kMiB + 4});
    file.insert(48, "0123456789abcdef");
    file.resize(1000, 'k');
    ASSERT_TRUE(make_plan(add("kernel", file)).ok()) << detail();
    EXPECT_EQ(plan->eip, 3 * kMiB + 4);
    carry_out();
    EXPECT_EQ(at(3 * kMiB, 200), file.substr(64, 100) + std::string(100, '\0'));
}

TEST_F(Programs, RefusesMultibootKernelsThatWantTooMuch) {
    EXPECT_STREQ(make_plan(add("a", words({0x1badb002, 0x10, 0u - 0x1badb002 - 0x10}))).failure().text,
                 "the kernel insists on something that is not offered here");
    EXPECT_EQ(detail(), "flags 0x10 of its Multiboot header");
    EXPECT_STREQ(make_plan(add("b", words({0x1badb002, 0, 0u - 0x1badb002}))).failure().text, "the Multiboot header contradicts the file");
    EXPECT_STREQ(make_plan(add("c", words({0x1badb002, 0x10000, 0u - 0x1badb002 - 0x10000, 100, 200, 0, 0, 0}))).failure().text,
                 "the Multiboot header contradicts the file");
}

TEST_F(Programs, TellsAMultiboot2KernelByTags) {
    std::string tags = words({1, 20, 1, 3, 6, 0}) + words({6, 8}) + words({0x10005, 20, 0, 0, 0, 0}) + words({0, 8});
    auto length = static_cast<std::uint32_t>(16 + tags.size());
    Image& image = add("kernel", elf32({{2 * kMiB, 2 * kMiB, 1000, 1000}}, 2 * kMiB,
                                       words({0xe85250d6, 0, length, 0u - 0xe85250d6 - length}) + tags));
    add("one", "first", "x");
    ASSERT_TRUE(make_plan(image).ok()) << detail();
    EXPECT_EQ(plan->eax, 0x36d76289u);
    std::uint32_t info = plan->ebx;
    EXPECT_EQ(info % 8, 0u);
    carry_out();
    std::map<std::uint32_t, std::uint32_t> found;
    std::uint32_t end = info + value<std::uint32_t>(info), tag = info + 8;
    while (tag < end) {
        found[value<std::uint32_t>(tag)] = tag;
        tag += (value<std::uint32_t>(tag + 4) + 7) & ~7u;
    }
    EXPECT_EQ(tag, end);
    EXPECT_EQ(value<std::uint32_t>(found.at(0) + 4), 8u);
    EXPECT_EQ(text_at(found.at(1) + 8), "kernel ");
    EXPECT_EQ(text_at(found.at(2) + 8), "Sanpiper");
    EXPECT_EQ(text_at(found.at(3) + 16), "one x");
    EXPECT_EQ(at(value<std::uint32_t>(found.at(3) + 8), 5), "first");
    EXPECT_EQ(value<std::uint32_t>(found.at(4) + 12), 127u * 1024);
    EXPECT_EQ(value<std::uint32_t>(found.at(6) + 8), 24u);
    EXPECT_EQ(value<std::uint64_t>(found.at(6) + 16 + 24), kMiB);
}

TEST_F(Programs, RefusesMultiboot2WishesThatMustBeGranted) {
    auto refused = [&](const std::string& tags) {
        auto length = static_cast<std::uint32_t>(16 + tags.size());
        return make_plan(add("kernel", words({0xe85250d6, 0, length, 0u - 0xe85250d6 - length}) + tags)).failure().text;
    };
    EXPECT_STREQ(refused(words({1, 12, 14, 0, 0, 8})), "the kernel insists on something that is not offered here");
    EXPECT_EQ(detail(), "information of type 14");
    EXPECT_STREQ(refused(words({5, 20, 0, 0, 0, 0, 0, 8})), "the kernel insists on something that is not offered here");
    EXPECT_STREQ(refused(words({3, 4, 0, 8})), "the Multiboot header contradicts the file");
}

TEST_F(Programs, PutsBootProgramsWhereBiosesDo) {
    std::string program = "\xeb\xfe" + std::string(100000, 'n');
    ASSERT_TRUE(make_plan(add("pxelinux.0", program)).ok()) << detail();
    EXPECT_EQ(plan->entry, BootPlan::Entry::RealMode);
    EXPECT_EQ(plan->returns, BootPlan::Returns::Perhaps);
    EXPECT_EQ(plan->cs, 0);
    EXPECT_EQ(plan->ip, 0x7c00);
    EXPECT_EQ(plan->edx, 0x80u);
    carry_out();
    EXPECT_EQ(at(0x7c00, program.size()), program);
}

TEST_F(Programs, KnowsWhatCannotBeStarted) {
    auto like = [](std::string_view text) { return std::string(likeness(util::as_bytes(text))); };
    EXPECT_EQ(like(""), "it is empty");
    EXPECT_EQ(like("\n<html>"), "it is an HTML page");
    EXPECT_EQ(like("set a b\n"), "it is a text, and does not begin with #!ipxe");
    EXPECT_EQ(like(std::string("MZ\0\0", 4)), "it is a program for EFI or Windows, and this is a BIOS machine");
    std::string iso(0x8800, '\0');
    iso.replace(0x8001, 5, "CD001");
    EXPECT_EQ(like(iso), "it is an ISO image: use sanboot, or memdisk");
    EXPECT_EQ(like("\xeb\x3c\x90"), "");
    EXPECT_EQ(find_format(util::as_bytes(std::string(700000, '\x90'))), nullptr);
}

TEST_F(Programs, UnpacksGzipFilesThatAreJoined) {
    // "hello" and " world", each as a stored block.
    auto member = [](const std::string& text, std::uint32_t sum) {
        std::string file("\x1f\x8b\x08\x08\0\0\0\0\0\3name\0", 15);
        file += std::string("\1", 1);
        put(file, file.size(), static_cast<std::uint16_t>(text.size()));
        put(file, file.size(), static_cast<std::uint16_t>(~text.size()));
        file += text;
        put(file, file.size(), sum);
        put(file, file.size(), static_cast<std::uint32_t>(text.size()));
        return file;
    };
    std::string hello = member("hello", 0x3610a686), both = hello + member("hello", 0x3610a686);
    Image& image = add("x.gz", both);
    const ImageFormat* format = find_format(image.bytes());
    ASSERT_STREQ(format->name, "gzip");
    util::Text<80> text;
    util::Loop loop;
    EXPECT_EQ(format->extract(loop, images, image, "x", text).take()->content(), "hellohello");
    hello[20] = 'j';
    EXPECT_STREQ(format->extract(loop, images, add("y.gz", hello), "y", text).failure().text, "what was unpacked has the wrong check sum");
    EXPECT_STREQ(format->extract(loop, images, add("z.gz", both.substr(0, both.size() - 3)), "z", text).failure().text,
                 "the packed data is corrupt or cut off");
    EXPECT_EQ(format->extract(loop, images, add("w.gz", both + "junk"), "w", text).take()->content(), "hellohello");
}

}  // namespace
}  // namespace scripts
