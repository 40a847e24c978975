#include "util/x86_parser.h"

namespace util {
namespace {

// What follows an opcode. kModRm is added to one of the others.
enum Kind : unsigned { kNothing, kByte, kWord, kAddress, kLong, kShortJump, kCall, kLongJump, kModRm };

// Two a byte, the first in the lower half. The opcodes of far pointers and ENTER, which nobody makes, are wrong.
constexpr std::uint8_t kKinds[128] = {
#define ARITHMETIC 0x88, 0x88, 0x41, 0x00, 0x88, 0x88, 0x41, 0x00
    ARITHMETIC, ARITHMETIC, ARITHMETIC, ARITHMETIC,
#undef ARITHMETIC
    0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,  // 40
    0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00, 0x00,  // 50
    0x00, 0x88, 0x00, 0x00, 0xc4, 0x91, 0x00, 0x00,  // 60
    0x55, 0x55, 0x55, 0x55, 0x55, 0x55, 0x55, 0x55,  // 70
    0xc9, 0x99, 0x88, 0x88, 0x88, 0x88, 0x88, 0x88,  // 80
    0x00, 0x00, 0x00, 0x00, 0x00, 0x04, 0x00, 0x00,  // 90
    0x33, 0x33, 0x00, 0x00, 0x41, 0x00, 0x00, 0x00,  // a0
    0x11, 0x11, 0x11, 0x11, 0x44, 0x44, 0x44, 0x44,  // b0
    0x99, 0x02, 0x88, 0xc9, 0x02, 0x02, 0x10, 0x00,  // c0
    0x88, 0x88, 0x11, 0x00, 0x88, 0x88, 0x88, 0x88,  // d0
    0x55, 0x55, 0x11, 0x11, 0x76, 0x54, 0x00, 0x00,  // e0
    0x00, 0x00, 0x00, 0x88, 0x00, 0x00, 0x00, 0x88,  // f0
};

bool is_prefix(unsigned byte) {
    return (byte | 1) == 0xf3 || (byte | 1) == 0x65 || byte == 0x2e || byte == 0x26 || byte == 0xf0;
}

unsigned second_kind(unsigned byte) {
    if ((byte & 0xf0) == 0x80) return kLongJump;
    if ((byte & 0xf0) == 0x30 || (byte & 0xf8) == 0xc8 || (byte > 4 && byte < 0x10) || byte == 0xa2) return kNothing;
    if (byte == 0xba || (byte & 0xf7) == 0xa4) return kModRm + kByte;
    return kModRm;
}

}  // namespace

bool X86Parser::step(std::uint8_t byte) {
    switch (field) {
    case Opcode:
        if (byte == 0x66) short_operand_ = true;
        if (byte == 0x66 || is_prefix(byte)) return false;
        opcode = byte;
        modrm = sib = 0;
        if (byte == 0x0f) field = SecondOpcode;
        else after_opcode(kKinds[byte / 2] >> byte % 2 * 4 & 15);
        break;
    case SecondOpcode:
        opcode = 0x100 + byte;
        after_opcode(second_kind(byte));
        break;
    case ModRm:
        modrm = byte;
        if ((opcode | 1) == 0xf7 && !(byte & 0x30)) kind_ = opcode & 1 ? kLong : kByte;  // TEST, alone of its group
        if (byte < 0xc0 && (byte & 7) == 4) field = Sib;
        else displacement(byte);
        break;
    case Sib:
        sib = byte;
        displacement(modrm & 0xc0 ? modrm : byte & 7);
        break;
    default:
        if (--left) return false;
        if (field == Displacement) immediate();
        else field = Opcode;
    }
    if (field != Opcode) return false;
    short_operand_ = false;
    return true;
}

void X86Parser::after_opcode(unsigned kind) {
    kind_ = kind & 7;
    if (kind & kModRm) field = ModRm;
    else immediate();
}

void X86Parser::displacement(unsigned mod_and_base) {
    unsigned mod = mod_and_base >> 6;
    left = mod == 1 ? 1 : mod == 2 || (mod_and_base & 0xc7) == 5 ? 4 : 0;
    if (left) field = Displacement;
    else immediate();
}

void X86Parser::immediate() {
    field = Opcode;
    if (kind_ == kNothing) return;
    field = kind_ == kCall ? Call : kind_ < kShortJump ? Immediate : Jump;
    left = 4;
    if (kind_ <= kWord) left = kind_;
    if (kind_ == kShortJump) left = 1;
    if (kind_ == kLong && short_operand_) left = 2;
}

}  // namespace util
