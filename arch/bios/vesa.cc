// Graphics modes by the VESA BIOS Extension (VBE Core Functions Standard 3.0), of version 2.0 or newer.
#include <platform/graphics.h>

#include <algorithm>

#include "arch/bios/machine.h"

namespace arch {
namespace {

using util::Le16, util::Le32;

// INT 10h functions, in AX.
constexpr std::uint32_t kGetInfo = 0x4f00, kGetModeInfo = 0x4f01, kSetMode = 0x4f02, kTextMode = 0x0003, kGetFont = 0x1130;
constexpr std::uint16_t kSuccess = 0x004f, kLinear = 1 << 14, kFont8x16 = 0x0600;

// VbeInfoBlock, section 4.3.
struct VesaInfo {
    char signature[4];  // "VBE2" asks for all of it
    Le16 version;
    std::byte oem[8];
    Le16 modes_offset, modes_segment;
    Le16 memory;  // in 64 KiB
    std::byte rest[492];
};
static_assert(sizeof(VesaInfo) == 512);

// ModeInfoBlock, section 4.4.
struct VesaMode {
    Le16 attributes;
    std::byte windows[14];
    Le16 pitch, width, height;
    std::byte character_size[2], planes[1];
    std::uint8_t depth;
    std::byte banks[1];
    std::uint8_t memory_model;
    std::byte pages[3];
    struct {
        std::uint8_t size, position;
    } red, green, blue, reserved;
    std::byte colour_mode[1];
    Le32 address;
    std::byte rest[212];
};
static_assert(sizeof(VesaMode) == 256);
constexpr std::uint16_t kUsable = 1 << 0 | 1 << 4 | 1 << 7;  // supported, graphics, linear
constexpr std::uint8_t kDirectColour = 6;

// Calls with ES:DI at a place in the block for such calls. False: the function failed.
bool call(std::uint32_t function, std::uint16_t parameter, std::size_t place) {
    Resident& block = resident();
    std::uint32_t address = block.linear + static_cast<std::uint32_t>(offsetof(Resident, transfer) + place);
    RealRegisters registers{};
    registers.eax = function;
    registers.ebx = registers.ecx = parameter;
    registers.edi = address & 15;
    registers.es = static_cast<std::uint16_t>(address >> 4);
    bios_interrupt(0x10, registers);
    return static_cast<std::uint16_t>(registers.eax) == kSuccess;
}

bool is_usable(const VesaMode& mode) {
    return (mode.attributes & kUsable) == kUsable && mode.memory_model == kDirectColour && mode.depth > 8 && mode.address;
}

std::uint32_t pixel_size(const VesaMode& mode) { return (mode.depth + 7u) / 8; }

std::uint64_t cost(const VesaMode& mode) { return std::uint64_t{mode.width} * mode.height << 8 | mode.depth; }

}  // namespace
}  // namespace arch

namespace platform {

util::Result<FrameBuffer> start_graphics(std::uint32_t width, std::uint32_t height, std::uint32_t depth) {
    using namespace arch;
    static_assert(sizeof(VesaInfo) + sizeof(VesaMode) <= sizeof(Resident::transfer));
    auto* info = reinterpret_cast<VesaInfo*>(resident().transfer);
    auto* mode = reinterpret_cast<VesaMode*>(info + 1);
    *info = {{'V', 'B', 'E', '2'}, {}, {}, {}, {}, {}, {}};
    constexpr std::uint16_t kVersion2 = 0x0200, kEndOfList = 0xffff;
    if (!call(kGetInfo, 0, 0) || info->version < kVersion2) return kNoGraphics;

    // The list may lie within the block that was just filled.
    const auto* list = physical<const Le16>(linear({info->modes_offset, info->modes_segment}));
    constexpr unsigned kMostModes = 512;
    std::uint16_t best = kEndOfList;
    VesaMode chosen{};
    for (unsigned i = 0; i < kMostModes && list[i] != kEndOfList; ++i) {
        *mode = {};
        if (!call(kGetModeInfo, list[i], sizeof(VesaInfo)) || !is_usable(*mode)) continue;
        if (mode->width < width || mode->height < height || mode->depth < depth) continue;
        if (best != kEndOfList && cost(*mode) >= cost(chosen)) continue;
        best = list[i];
        chosen = *mode;
    }
    std::uint32_t memory = std::uint32_t{info->memory} << 16;
    if (best == kEndOfList || chosen.pitch * std::uint32_t{chosen.height} > memory) return kNoGraphicsMode;
    if (!call(kSetMode, best | kLinear, 0)) {
        end_graphics();
        return kNoGraphicsMode;
    }
    return FrameBuffer{physical<std::byte>(chosen.address), memory,
                       chosen.width, chosen.height, chosen.pitch, pixel_size(chosen),
                       {chosen.red.size, chosen.red.position},
                       {chosen.green.size, chosen.green.position},
                       {chosen.blue.size, chosen.blue.position}};
}

void end_graphics() {
    arch::RealRegisters registers{};
    registers.eax = arch::kTextMode;
    arch::bios_interrupt(0x10, registers);
}

std::span<const std::uint8_t> graphics_font() {
    arch::RealRegisters registers{};
    registers.eax = arch::kGetFont;
    registers.ebx = arch::kFont8x16;
    arch::bios_interrupt(0x10, registers);
    std::uint32_t address = arch::linear({static_cast<std::uint16_t>(registers.ebp), registers.es});
    return {arch::physical<const std::uint8_t>(address), 256 * kFontHeight};
}

}  // namespace platform
