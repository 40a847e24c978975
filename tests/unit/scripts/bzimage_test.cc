// Linux kernels: what is planned for them, by the boot protocol's fields.
#include "scripts/images/layout.h"
#include "tests/unit/scripts/image_fixture.h"
#include "tests/unit/scripts/image_maker.h"

namespace scripts {
namespace {

struct Bzimage : ImageFixture {};

TEST_F(Bzimage, GoesToOneMegabyteWithItsSetupCodeBelow) {
    Image& image = add("vmlinuz", kernel(0x20f), "quiet vga=0x318");
    ASSERT_TRUE(make_plan(image).ok()) << detail();
    carry_out();
    EXPECT_EQ(at(kMiB, 3 * kMiB), std::string(3 * kMiB, 'K'));
    EXPECT_EQ(plan->entry, BootPlan::Entry::RealMode);
    EXPECT_EQ(plan->returns, BootPlan::Returns::Never);
    EXPECT_EQ(plan->cs, 0x1020);
    EXPECT_EQ(plan->ip, 0);
    EXPECT_EQ(plan->ds, 0x1000);
    EXPECT_EQ(plan->ss, 0x1000);
    EXPECT_EQ(plan->sp, 0xe000);
    EXPECT_EQ(value<std::uint8_t>(0x10210), 0xff);             // type_of_loader
    EXPECT_EQ(value<std::uint8_t>(0x10211), 0x81);             // loadflags
    EXPECT_EQ(value<std::uint16_t>(0x10224), 0xe000 - 0x200);  // heap_end_ptr
    EXPECT_EQ(value<std::uint16_t>(0x101fa), 0x318);           // vid_mode
    EXPECT_EQ(value<std::uint32_t>(0x10228), 0x1e000u);        // cmd_line_ptr
    EXPECT_EQ(at(0x1e000, 16), std::string("quiet vga=0x318\0", 16));
    EXPECT_EQ(value<std::uint32_t>(0x10218), 0u) << "no initrd";
}

TEST_F(Bzimage, GetsItsInitrdsInOrderAtTheTop) {
    Image& image = add("vmlinuz", kernel(0x20f));
    add("a", std::string(5, 'a'));
    add("b", std::string(4096, 'b'));
    ASSERT_TRUE(make_plan(image).ok()) << detail();
    carry_out();
    EXPECT_EQ(value<std::uint32_t>(0x10218), 128 * kMiB - 8192);
    EXPECT_EQ(value<std::uint32_t>(0x1021c), 8u + 4096u);
    EXPECT_EQ(at(128 * kMiB - 8192, 10), std::string("aaaaa\0\0\0bb", 10));
}

TEST_F(Bzimage, WrapsNamedInitrds) {
    Image& image = add("vmlinuz", kernel(0x20f));
    add("x", "hello", "/etc/deep/x mode=755 mkdir=1");
    ASSERT_TRUE(make_plan(image).ok());
    carry_out();
    std::uint32_t at_address = value<std::uint32_t>(0x10218);
    std::string archive = at(at_address, value<std::uint32_t>(0x1021c));
    // Header, name and its zero, padded to four; then the content.
    EXPECT_EQ(archive.substr(0, 22), "0707010000000000" "0041ed") << "a directory, 755";
    EXPECT_EQ(archive.substr(110, 9), "etc/deep" + std::string(1, '\0'));
    EXPECT_EQ(archive.size() % 4, 0u);
    std::string file = archive.substr(120);
    EXPECT_EQ(file.substr(0, 22), "0707010000000000" "0081ed");
    EXPECT_EQ(file.substr(54, 8), "00000005");
    EXPECT_EQ(file.substr(110, 11), "etc/deep/x" + std::string(1, '\0'));
    EXPECT_EQ(file.substr(124), std::string("hello\0\0\0", 8));
}

TEST_F(Bzimage, KeepsInitrdsBelowWhatTheKernelCanReach) {
    std::string old = kernel(0x20b);
    put(old, 0x22c, std::uint32_t{80 * kMiB - 1});
    Image& image = add("vmlinuz", old);
    add("initrd", std::string(kMiB, 'i'));
    auto initrd_at = [&](std::string_view arguments) {
        EXPECT_TRUE(image.set_arguments(arguments).ok());
        EXPECT_TRUE(make_plan(image).ok()) << detail();
        std::uint32_t at = 0;
        for (const BootBlock& block : plan->blocks.span())
            if (block.size == kMiB) at = block.target;
        return at;
    };
    EXPECT_EQ(initrd_at(""), 79 * kMiB);
    EXPECT_EQ(initrd_at("mem=0x4000K quiet"), 15 * kMiB);
    EXPECT_EQ(initrd_at("quiet mem=70M"), 69 * kMiB);
    EXPECT_EQ(initrd_at("mem=nonsense"), 79 * kMiB);
    ASSERT_TRUE(image.set_arguments("mem=2m").ok());
    EXPECT_EQ(&make_plan(image).failure(), &kNoRoom);
}

TEST_F(Bzimage, TakesAnyAddressFor64BitKernels) {
    host::memory().map[1].length = 0xe0000000u - kMiB;
    std::string file = kernel(0x20f);
    put(file, 0x236, std::uint16_t{2});
    Image& image = add("vmlinuz", file);
    add("initrd", std::string(kMiB, 'i'));
    ASSERT_TRUE(make_plan(image).ok());
    bool found = false;
    for (const BootBlock& block : plan->blocks.span()) found |= block.target == 0xe0000000u - kMiB;
    EXPECT_TRUE(found);
}

TEST_F(Bzimage, LeavesWhereItUnpacksItselfAlone) {
    host::memory().map[1].length = 60u * kMiB;  // it ends at 61 MiB, the kernel unpacks to 16 to 56
    Image& image = add("vmlinuz", kernel(0x20f));
    add("initrd", std::string(5 * kMiB, 'i'));
    ASSERT_TRUE(make_plan(image).ok()) << detail();
    add("more", std::string(7 * kMiB, 'm'));
    EXPECT_TRUE(make_plan(image).ok()) << "there is no room above any more, but below";
    add("most", std::string(10 * kMiB, 'n'));
    EXPECT_EQ(&make_plan(image).failure(), &kNoRoom);
    EXPECT_EQ(detail(), "its initrd needs 22 MiB, 12 MiB are free");
}

TEST_F(Bzimage, NeedsTheMemoryThatItUnpacksTo) {
    host::memory().map[1].length = 30u * kMiB;
    EXPECT_EQ(&make_plan(add("vmlinuz", kernel(0x20f))).failure(), &kNoRoom);
    EXPECT_EQ(detail(), "it needs 40960 KiB at address 0x1000000, where there is not that much memory");
}

TEST_F(Bzimage, NoticesWhenItIsCutOff) {
    std::string file = kernel(0x20f);
    put(file, 0x248, std::uint32_t{100});
    put(file, 0x24c, std::uint32_t{3 * kMiB - 99});
    EXPECT_STREQ(make_plan(add("vmlinuz", file)).failure().text, "the kernel is cut off");
    EXPECT_STREQ(make_plan(add("short", file.substr(0, 3 * 512))).failure().text, "the kernel is cut off");
}

TEST_F(Bzimage, CutsACommandLineThatIsTooLong) {
    ASSERT_TRUE(make_plan(add("vmlinuz", kernel(0x20f), std::string(3000, 'x'))).ok());
    carry_out();
    EXPECT_EQ(at(0x1e000, 2049), std::string(2047, 'x') + std::string(2, '\0'));
    EXPECT_EQ(detail(), "the command line is too long for this kernel: 2047 of 3000 characters are passed on");
}

TEST_F(Bzimage, StartsOldKernelsWhereTheyExpectIt) {
    std::string file = kernel(0x200, 100000);
    put(file, 0x211, std::uint8_t{0});
    ASSERT_TRUE(make_plan(add("zImage", file, "root=/dev/fd0")).ok()) << detail();
    carry_out();
    EXPECT_EQ(at(0x10000, 100000), std::string(100000, 'K'));
    EXPECT_EQ(plan->cs, 0x9020);
    EXPECT_EQ(plan->sp, 0x9800);
    EXPECT_EQ(value<std::uint16_t>(0x90020), 0xa33f);
    EXPECT_EQ(value<std::uint16_t>(0x90022), 0x9800);
    EXPECT_EQ(at(0x99800, 14), std::string("root=/dev/fd0\0", 14));
}

TEST_F(Bzimage, ScriptsThatRunAreNoInitrds) {
    Image& image = add("vmlinuz", kernel(0x20f));
    Image& script = add("boot.ipxe", "#!ipxe\n");
    Image& other = add("other.ipxe", "#!ipxe\n");
    { ImageUse use(images, script); }
    BootRequest request{image, image.bytes(), {}, images, 0x80};
    EXPECT_EQ(request.next_companion(nullptr), &other);
    EXPECT_EQ(request.next_companion(&other), nullptr);
}

}  // namespace
}  // namespace scripts
