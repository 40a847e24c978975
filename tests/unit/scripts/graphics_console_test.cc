// The console command and its screen, as pixels.
#include "scripts/graphics/graphics_console.h"
#include "tests/host/graphics.h"
#include "tests/host/memory.h"
#include "tests/unit/scripts/png_maker.h"
#include "tests/unit/scripts/test_system.h"

namespace scripts {
namespace {

constexpr std::uint32_t kGrey = 0xaaaaaa;

struct Graphics : testing::Test, TestSystem {
    Graphics() {
        host::graphics() = {};
        host::memory() = {};
    }
    ~Graphics() override { system.close_display(); }

    const host::Graphics& screen = host::graphics();
    std::string shown(std::uint32_t row, std::uint32_t size, std::uint32_t foreground = kGrey) {
        std::string text;
        for (std::uint32_t i = 0; i < size; ++i) text += static_cast<char>(screen.character(i, row, foreground));
        return text;
    }
    // All of one colour.
    std::string picture(std::uint32_t width, std::uint32_t height, std::uint8_t grey) {
        std::string line = '\0' + std::string(width, static_cast<char>(grey)), lines;
        for (std::uint32_t y = 0; y < height; ++y) lines += line;
        return make_png(width, height, 8, 0, lines);
    }
    void add(const std::string& content) {
        MemoryGap gap = find_gap(system.images.images(), content.size());
        std::memcpy(platform::memory_at(gap.base), content.data(), content.size());
        ASSERT_TRUE(system.images.add("p.png", "", {gap.base, static_cast<std::uint32_t>(content.size())}).ok());
    }
    util::Result<void> script(const std::string& lines) { return run("#!ipxe\n" + lines); }
};

TEST_F(Graphics, ShowsTextAndGoesBackToTheBiosScreen) {
    ASSERT_TRUE(script("console --x 640 --y 480\necho Hi").ok());
    EXPECT_TRUE(screen.is_on);
    EXPECT_EQ(shown(0, 2), "Hi");
    EXPECT_EQ(screen.pixel(100, 100), 0u);
    ASSERT_TRUE(script("console").ok());
    EXPECT_FALSE(screen.is_on);
}

TEST_F(Graphics, IsGoneWhenTheMachineIsHandedOver) {
    ASSERT_TRUE(script("console --x 640 --y 480").ok());
    (void)script("sanboot --drive 0x80");
    EXPECT_FALSE(screen.is_on);
}

TEST_F(Graphics, ShowsAnyPixelFormat) {
    for (std::uint32_t size : {2, 3, 4}) {
        host::graphics().pixel_size = size;
        ASSERT_TRUE(script("console --x 640\necho Hi").ok());
        EXPECT_EQ(shown(0, 2, size == 2 ? 0xad55 : kGrey), "Hi") << size;
    }
}

TEST_F(Graphics, ScrollsAndWraps) {
    ASSERT_TRUE(script("console --x 640").ok());
    for (int i = 0; i < 30; ++i) platform::console_write("x\n");  // 30 lines there are
    platform::console_write(std::string(80, 'a') + "b");
    EXPECT_EQ(shown(27, 2), std::string("x\0", 2));
    EXPECT_EQ(shown(28, 80), std::string(80, 'a'));
    EXPECT_EQ(shown(29, 2), std::string("b\0", 2));
}

TEST_F(Graphics, UnderstandsPlacesAndErasing) {
    ASSERT_TRUE(script("console --x 640").ok());
    platform::console_write("one\ntwo\nthree\x1b[2;2H\x1b[K!\x1b[1;1H");
    EXPECT_EQ(shown(1, 3), std::string("t!\0", 3));
    EXPECT_EQ(shown(2, 5), "three");
    platform::console_write("\x1b[2;1H\x1b[J");
    EXPECT_EQ(shown(0, 3), "one");
    EXPECT_EQ(shown(2, 5), std::string(5, '\0'));
    platform::console_write("\x1b[999;999H*");
    EXPECT_EQ(screen.character(79, 29, kGrey), '*');
    platform::console_write("\x1b[2J");
    EXPECT_EQ(shown(0, 3), std::string(3, '\0'));
}

TEST_F(Graphics, ShowsColours) {
    ASSERT_TRUE(script("console --x 640\ncolour --rgb 0xa0522d 7\ncolour --basic 2 --rgb 0x4682b4 4\ncpair --foreground 7 --background 4 0\n"
                       "echo A\ncpair 0\necho B").ok());
    EXPECT_EQ(screen.character(0, 0, 0xa0522d), 'A');
    EXPECT_EQ(screen.pixel(0, 0), 0x4682b4u);
    EXPECT_EQ(screen.character(0, 1, kGrey), 'B');
    EXPECT_EQ(screen.pixel(0, 16), 0u);
    platform::console_write("\x1b[1;31;42mC\x1b[0;7mD");
    EXPECT_EQ(screen.character(0, 2, 0xff5555), 'C');
    EXPECT_EQ(screen.pixel(0, 32), 0x00aa00u);
    EXPECT_EQ(screen.character(1, 2, 0), 'D');
}

TEST_F(Graphics, LaysTextOverThePicture) {
    add(picture(640, 480, 0x33));
    ASSERT_TRUE(script("console --picture p.png\necho Hi").ok());
    EXPECT_EQ(shown(0, 2), "Hi");
    EXPECT_EQ(screen.pixel(0, 0), 0x333333u);
    platform::console_write("\x1b[44mx\x1b[H\x1b[0m\x1b[2J");
    EXPECT_EQ(screen.pixel(0, 0), 0x333333u);
    EXPECT_EQ(shown(0, 2), std::string(2, '\0'));
}

TEST_F(Graphics, FreesThePictureUnlessItIsKept) {
    add(picture(8, 8, 1));
    ASSERT_TRUE(script("console --picture p.png --keep").ok());
    EXPECT_NE(system.images.find("p.png"), nullptr);
    ASSERT_TRUE(script("console --picture p.png").ok());
    EXPECT_EQ(system.images.find("p.png"), nullptr);
}

TEST_F(Graphics, PutsPicturesIntoTheMiddle) {
    add(picture(600, 400, 0x33));
    ASSERT_TRUE(script("console --x 1 --picture p.png --keep").ok());
    EXPECT_EQ(screen.pixel(19, 240), 0u);
    EXPECT_EQ(screen.pixel(20, 240), 0x333333u);
    EXPECT_EQ(screen.pixel(619, 439), 0x333333u);
    EXPECT_EQ(screen.pixel(620, 440), 0u);
    host::graphics().width = 100;
    host::graphics().height = 100;
    ASSERT_TRUE(script("console --x 100 --y 100 --picture p.png").ok());
    EXPECT_EQ(screen.pixel(0, 99), 0x333333u);
}

// Counted from what was asked for, in the middle of a larger screen.
TEST_F(Graphics, KeepsTextWithinTheMargins) {
    ASSERT_TRUE(script("console --x 600 --y 440 --left 4 --top 12\necho Hi").ok());
    for (std::uint32_t x = 0; x < 24; ++x) EXPECT_EQ(screen.pixel(x, 40), 0u);
    std::uint32_t code = 0;
    for (std::uint32_t x = 24; x < 32; ++x) code = code << 1 | (screen.pixel(x, 32) == kGrey);
    EXPECT_EQ(code, unsigned{'H'});
    EXPECT_STREQ(script("console --x 640 --left 320 --right 320").failure().text, "the margins leave no room for text");
    EXPECT_FALSE(screen.is_on);
}

TEST_F(Graphics, MenusAreTransparentOverAPictureAndBlueWithout) {
    host::type("\r\r");
    add(picture(640, 480, 0x33));
    auto background = [&] { return screen.pixel(70 * 8, 3 * 16); };
    ASSERT_TRUE(script("console --picture p.png\nmenu m\nitem a\nitem b\nchoose x").ok());
    EXPECT_NE(host::console_output().find("\x1b[0;1;37;49m"), std::string::npos);
    EXPECT_EQ(background(), 0x333333u);
    host::console_output().clear();
    ASSERT_TRUE(script("console\nmenu m\nitem a\nitem b\nchoose x").ok());
    EXPECT_NE(host::console_output().find("\x1b[0;1;37;44m"), std::string::npos);
}

TEST_F(Graphics, MenusFillTheScreenWithinItsMargins) {
    // 72 columns and 27 lines from (24, 16) on.
    host::type("\r");
    ASSERT_TRUE(script("console --x 640 --y 480 --left 24 --right 40 --top 16 --bottom 32\nmenu m\nitem a\nitem b\nchoose x").ok());
    std::string output = host::console_output();
    std::size_t item = output.find("\x1b[4;3H");
    ASSERT_NE(item, std::string::npos);
    EXPECT_EQ(output.substr(output.find('m', item) + 1, 68), "a" + std::string(67, ' '));
    EXPECT_NE(output.find("\x1b[2;36H"), std::string::npos);  // the title's only letter
    EXPECT_EQ(screen.pixel(23, 100), 0u);
    EXPECT_EQ(platform::console_size().columns, 72u);
    EXPECT_EQ(platform::console_size().rows, 27u);
}

// 72 columns, then 128.
TEST_F(Graphics, EditsALineOnItsRowWithinTheMargins) {
    host::type(std::string(100, 'v') + "\r");
    ASSERT_TRUE(script("console --x 640 --y 480 --right 64\necho -n Name: ${}\nread x").ok());
    std::string blank(1, '\0');  // a place without a pixel
    EXPECT_EQ(shown(0, 71), "Name:" + blank + std::string(64, 'v') + blank);
    EXPECT_EQ(shown(1, 2), std::string(2, '\0'));
    host::graphics().width = 1024;
    host::graphics().height = 768;
    host::type(std::string(110, 'v') + "\r");
    ASSERT_TRUE(script("clear x\nconsole --x 1024 --y 768\necho -n Name: ${}\nread x").ok());
    EXPECT_EQ(shown(0, 117), "Name:" + blank + std::string(110, 'v') + blank);
}

TEST_F(Graphics, StaysAsItIsWhenThePictureIsNone) {
    auto fails = [&](const std::string& content) {
        add(content);
        auto status = script("console --picture p.png");
        EXPECT_TRUE(screen.is_on);
        EXPECT_EQ(shown(0, 2), "Hi");
        system.images.free(*system.images.find("p.png"));
        return std::string(status.ok() ? "" : status.failure().text);
    };
    ASSERT_TRUE(script("console --x 640\necho Hi").ok());
    EXPECT_EQ(fails("\xff\xd8\xff\xe0 a JPEG"), "it is no PNG picture");
    std::string good = picture(8, 8, 1);
    EXPECT_EQ(fails(good.substr(0, good.size() - 20)), "the picture is damaged or cut off");
    EXPECT_EQ(fails(make_png(8, 9, 8, 0, std::string(72, '\0'))), "the picture is damaged or cut off");
    EXPECT_EQ(fails(make_png(30000, 30000, 8, 2, std::string(72, '\0'))), "not enough memory to unpack the picture");
}

TEST_F(Graphics, SayWhatIsMissing) {
    auto error = [&](const char* line) { return std::string(script(line).failure().text); };
    EXPECT_EQ(error("console --x 2000"), platform::kNoGraphicsMode.text);
    EXPECT_EQ(error("console --depth 64"), platform::kNoGraphicsMode.text);
    EXPECT_EQ(error("console --x wide"), kBadOptionValue.text);
    add("no picture at all");
    EXPECT_EQ(error("console --picture p.png"), "it is no PNG picture");
    add(picture(8, 8, 1));
    host::graphics().screens_of_memory = 1;
    EXPECT_EQ(error("console --picture p.png"), "the video card has no memory for a picture as well");
    EXPECT_FALSE(screen.is_on);
    host::graphics().exists = false;
    EXPECT_EQ(error("console --x 640"), platform::kNoGraphics.text);
}

}  // namespace
}  // namespace scripts
