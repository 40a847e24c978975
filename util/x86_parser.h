// Tells what each byte of 32-bit x86 code is: opcode, ModRM, displacement... It knows lengths, not meanings (Intel SDM
// volume 2, chapter 2 and appendix A), and only of what compilers make: after bytes that are no such code it is
// wrong for a while, which costs the mixing packer bits and nothing else.
#pragma once

#include <cstdint>

namespace util {

struct X86Parser {
    enum Field : std::uint32_t { Opcode, SecondOpcode, ModRm, Sib, Displacement, Immediate, Jump, Call };

    // Of the next byte.
    Field field = Opcode;
    std::uint32_t left = 0;  // bytes of a displacement or an immediate to come

    // Of the instruction so far; of the last one when a new one is to begin.
    std::uint32_t opcode = 0;  // 100h + second byte after 0Fh
    std::uint32_t modrm = 0, sib = 0;

    // Takes the next byte. True when it was an instruction's last one.
    bool step(std::uint8_t byte);

  private:
    void after_opcode(unsigned kind);
    void displacement(unsigned mod_and_base);
    void immediate();

    std::uint32_t kind_ = 0;       // of what follows ModRM and displacement
    bool short_operand_ = false;   // prefix 66h
};

}  // namespace util
