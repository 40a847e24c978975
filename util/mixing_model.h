// Predicts firmware bit by bit: what the packer for small images (mixing.h) and its unpacker share.
//
// Context mixing, as the PAQ family of compressors does it (Matt Mahoney, "Data Compression Explained", sections 4.2 and 4.3, in the
// public domain): each of some contexts - the last bytes, or the instruction that is being read and the ones before it -
// keeps by hash how probable a bit is; a small neural network weighs these opinions by how good they have been lately.
// The predicted code is x86 (x86_parser.h), and text and tables behind it. Which contexts there are is the stream's choice.
//
// Integers only, so that both sides agree to the bit; no tables in the code but the parser's. Written for size, and for speed
// under emulators, where each access to memory costs ten instructions: one slot and two weights a context and bit.
#pragma once

#include <cstdint>

#include "util/x86_parser.h"

namespace util {

class MixingModel {
  public:
    // What a context can be made of.
    enum Feature {
        Byte1, Byte2, Byte3, Byte4, Byte5, Byte6,  // the last bytes, 1 is the last one
        Place,                  // field of the instruction and bytes left in it; region outside code
        Operation,              // Place and opcode
        Instruction,            // Operation, ModRM and SIB
        Before1, Before2, Before3,  // the instructions before it: opcode, and ModRM or which function was called
        Label,                  // whether a jump leads here
        StackDepth,             // what was pushed since the function's start, without arguments of earlier calls
        Pushed,                 // last byte of the instruction that made the stack as deep as it is
        Displacement,           // the last one with this base register
        Word,                   // letters since the last other character
        Column,                 // alignment, and the byte 8 before, outside code
        ImmediateByte,          // last byte of the last immediate
        kFeatures
    };
    static constexpr unsigned kMaxContexts = 15;
    static constexpr std::uint8_t kLast = 0x80;  // added to a context's last feature

    struct Shape {
        const std::uint8_t* features;  // of one context after the other, a byte each
        std::uint32_t features_size;
        std::uint32_t contexts;        // how many, at most kMaxContexts
        std::uint8_t* bytes;           // where the bytes go
        std::uint32_t code_size;       // how many of them are 32-bit code
        std::uint32_t data_end;        // where the text and tables behind the code end
    };

    // The memory must be zero before.
    void start(const Shape& shape);
    // Probability that the next bit is 1, in 1/65536, never 0 or 1.
    std::uint32_t predict();
    // Learns what it was. After eight bits it is written to Shape::bytes, which must have room.
    void update(std::uint32_t bit);

  private:
    static constexpr unsigned kTableBits = 21;
    static constexpr unsigned kSets = 2;
    static constexpr unsigned kInputs = kMaxContexts + 1;  // and the match

    // What is known of one bit in one context: probability - 1/2 in 22 bits, which of the contexts it is that may share the slot
    // in 6, and how often it was seen in 4. Nothing is known in a slot of zeros.
    using Slot = std::uint32_t;

    void make_tables();
    void begin_byte();
    void begin_half();
    void find_match();
    void end_byte();
    void end_instruction(std::uint32_t opcode);
    void learn(std::uint32_t bit, std::int32_t error);
    std::uint32_t past(std::uint32_t distance) const { return distance <= at_ ? shape_.bytes[at_ - distance] : 0; }
    Slot& slot_of(std::uint32_t line) { return slots_[line >> (32 - kTableBits) ^ node_]; }

    std::uint32_t node_;         // 1, then the bits of this half byte that are known
    std::uint32_t partial_;      // the same of the byte
    std::uint32_t probability_;  // the network's
    std::uint32_t at_;
    std::uint32_t inputs_;
    std::uint32_t match_at_, match_length_;
    std::uint32_t match_;        // how long, 0 when this byte is another already
    std::uint32_t expected_;     // by it: bits of this byte to come, the first one in bit 7
    std::uint32_t place_;
    std::uint32_t instructions_;
    std::uint32_t depth_, frame_, word_, immediate_;
    std::uint32_t last_bytes_;   // four of them
    std::int16_t* correction_;
    std::int32_t* set_[kSets];      // weights for this byte
    Shape shape_;
    std::uint32_t line_[kInputs];   // where this half byte's slots are
    std::int32_t input_[kInputs];
    std::int32_t sum_[kInputs];     // of both sets' weights, for this byte
    X86Parser parser_;
    std::uint32_t before_[3];
    std::uint8_t displacement_[8];
    std::uint8_t pushed_[64];       // by depth
    std::uint32_t hash_[kInputs];   // of each context
    std::uint32_t features_[32];
    std::uint32_t rate_[16];        // of learning, by what a slot has seen, in 1/65536
    std::uint8_t label_[256];       // of the instructions to come, by number
    std::int16_t stretch_[4096];    // ln(p / (1 - p)) in 1/256
    std::uint16_t squash_[4096];    // its inverse
    std::int32_t weight_[64 + 256][kInputs];
    std::int16_t corrections_[64 * 256 * 32];
    std::uint32_t heads_[1 << 16];
    alignas(64) Slot slots_[1 << kTableBits];  // a line of the cache for each context and half byte
};

}  // namespace util
