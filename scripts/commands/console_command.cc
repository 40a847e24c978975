// console: the screen's graphics mode, and what is behind the text.
#include <platform/memory.h>

#include <algorithm>

#include "scripts/commands/table.h"
#include "scripts/fetching.h"
#include "scripts/graphics/graphics_console.h"
#include "scripts/graphics/png.h"
#include "scripts/system.h"

namespace scripts {

using namespace std::string_view_literals;

namespace {

constexpr util::Failure kNoTextRoom{util::code::kScript + 143, "the margins leave no room for text"};
constexpr util::Failure kNoPictureMemory{util::code::kScript + 144, "the video card has no memory for a picture as well"};

// Of a picture that may be larger or smaller than the screen: in the middle.
class CentredPicture final : public PixelSink {
  public:
    CentredPicture(Canvas& canvas, const PngHeader& picture)
        : canvas_(canvas), left_(offset(canvas.width(), picture.width)), top_(offset(canvas.height(), picture.height)) {}
    void pixel(std::uint32_t x, std::uint32_t y, std::uint32_t colour) override {
        x += left_;  // wraps for what is cut off on the left
        y += top_;
        if (x < canvas_.width() && y < canvas_.height()) canvas_.draw(x, y, colour);
    }

  private:
    static std::uint32_t offset(std::uint32_t room, std::uint32_t size) {
        return static_cast<std::uint32_t>((static_cast<std::int32_t>(room) - static_cast<std::int32_t>(size)) / 2);
    }
    Canvas& canvas_;
    std::uint32_t left_, top_;
};

std::uint32_t pixels(Invocation& call, const char* option) {
    constexpr std::uint64_t kMost = 65535;
    return static_cast<std::uint32_t>(std::min(call.number(option, 0), kMost));
}

// Margins count from the edges of what was asked for, which is in the middle of a larger screen; without a margin the text goes to
// the screen's edge.
struct Span {
    std::uint32_t first, size;
};
Span between(std::uint32_t screen, std::uint32_t wanted, std::uint32_t before, std::uint32_t after) {
    std::uint32_t border = (screen - wanted) / 2;
    std::uint32_t first = before ? border + before : 0, last = after ? border + after : 0;
    std::uint32_t taken = first + last;
    return {first, taken < screen ? screen - taken : 0};
}

struct Wanted {
    std::uint32_t width, height;
    UnpackedPng picture;  // without lines: none
};

// In free RAM, behind the images.
util::Result<UnpackedPng> unpack(System& system, const Image& image) {
    MemoryGap gap = find_gap(system.images.images(), 0);
    util::MutableBytes scratch;
    if (gap.size) scratch = {platform::memory_at(gap.base), gap.size};
    return unpack_png(image.bytes(), scratch);
}

util::Result<void> draw_picture(System& system, GraphicsConsole& console, const UnpackedPng& picture) {
    if (!console.canvas().has_picture_memory()) return kNoPictureMemory;
    CentredPicture target(console.canvas(), picture.header);
    draw_png(picture, target);
    console.show_picture();
    system.palette.is_over_picture = true;
    return {};
}

util::Result<platform::FrameBuffer> start_graphics(Invocation& call, const Wanted& wanted) {
    constexpr std::uint32_t kGood = 32, kFair = 16;
    if (call.has("depth")) return platform::start_graphics(wanted.width, wanted.height, pixels(call, "depth"));
    auto frame = platform::start_graphics(wanted.width, wanted.height, kGood);
    return frame.ok() ? std::move(frame) : platform::start_graphics(wanted.width, wanted.height, kFair);
}

util::Result<void> start(Invocation& call, const Wanted& wanted) {
    System& system = call.system;
    auto frame = TRY(start_graphics(call, wanted));
    Span across = between(frame.width, wanted.width, pixels(call, "left"), pixels(call, "right"));
    Span down = between(frame.height, wanted.height, pixels(call, "top"), pixels(call, "bottom"));
    if (across.size < platform::kFontWidth || down.size < platform::kFontHeight) {
        platform::end_graphics();
        return kNoTextRoom;
    }
    auto console = TRY(GraphicsConsole::open(frame, {across.first, down.first, across.size, down.size}));
    if (!wanted.picture.lines.empty()) TRY(draw_picture(system, *console, wanted.picture));
    system.display = std::move(console);
    return {};
}

// The screen is as it was until the picture is known to be one.
util::Result<void> change(Invocation& call, const Image* image) {
    Wanted wanted{pixels(call, "x"), pixels(call, "y"), {}};
    if (image) wanted.picture = TRY(unpack(call.system, *image));
    const PngHeader& header = wanted.picture.header;
    if (!wanted.width) wanted.width = header.width;
    if (!wanted.height) wanted.height = header.height;
    call.system.close_display();
    return start(call, wanted);
}

}  // namespace

util::Result<void> run_console(Invocation& call) {
    System& system = call.system;
    bool is_reset = true;
    for (const Option& option : call.command.options) is_reset &= !call.has(option.name);
    if (is_reset) {
        if (!system.display) platform::console_write("\x1b[2J\x1b[H"sv);
        system.close_display();
        return {};
    }
    std::string_view name = call.text("picture");
    if (name.empty()) return change(call, nullptr);
    call.about(name);
    Image* image = system.images.find(name);
    bool is_ours = !image;
    if (is_ours) image = TRY(fetch_image(system, name, {}));
    auto result = change(call, image);
    // When it failed, one that was there before may be tried again.
    if (result.ok() ? !call.has("keep") : is_ours) system.images.free(*image);
    return result;
}

}  // namespace scripts
