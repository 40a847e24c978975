// Predicts firmware bit by bit: what the packer for small images (mixing.h) and its unpacker share.
//
// Context mixing, as the PAQ family of compressors does it (Matt Mahoney, "Data Compression Explained", sections 4.2 and 4.3, in the
// public domain): each of some contexts - the last bytes, or the instruction that is being read and the ones before it -
// keeps by hash what bits followed it; a small neural network weighs these opinions by how good they have been lately.
// The predicted code is x86 (x86_parser.h), and text and tables behind it. Which contexts there are is the stream's choice.
//
// Integers only, so that both sides agree to the bit; no tables in the code but the parser's. Written for size.
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
        Before1, Before2, Before3,  // the instructions before it
        Label,                  // whether a jump leads here
        StackDepth,             // what was pushed since the function's start
        Displacement,           // the last one with this base register
        Word,                   // letters since the last other character
        Column,                 // alignment, and the byte 8 before, outside code
        ImmediateByte,          // last byte of the last immediate
        kFeatures
    };
    static constexpr unsigned kMaxContexts = 24;
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
    static constexpr unsigned kTableBits = 22;
    static constexpr unsigned kInputs = 2 * kMaxContexts + 2;
    static constexpr unsigned kSets = 2;

    struct Counter {
        std::int16_t lean;     // probability - 1/2, in 1/65536
        std::uint16_t count;
    };
    // What is known of one bit in one context. History: 1 and then the last bits, seven at most.
    struct Slot {
        std::uint16_t probability_and_count;  // 12 and 4 bits
        std::uint8_t history;                 // 0: nothing is known
        std::uint8_t check;
    };
    struct Context {
        std::uint32_t hash;
        std::uint32_t line;    // where this half byte's slots are
        Slot* slot;
        Counter* counter;
    };

    void make_tables();
    void begin_byte();
    void find_match();
    void end_byte();
    void end_instruction(std::uint32_t opcode);
    std::uint32_t past(std::uint32_t distance) const { return distance <= at_ ? shape_.bytes[at_ - distance] : 0; }
    std::int32_t opinion(const Counter& counter) const { return stretch_[(counter.lean + 0x8000) >> 4]; }
    void learn(Counter& counter, std::uint32_t bit);
    void learn_all(std::uint32_t bit, std::int32_t error);

    std::uint32_t partial_;      // 1, then the bits of this byte that are known
    std::uint32_t node_;         // the same of this half byte
    std::uint32_t probability_;  // the network's
    std::uint32_t at_;
    std::uint32_t match_at_, match_length_;
    std::uint32_t expected_;     // bit that the match predicts
    Counter* match_counter_;
    std::int16_t* correction_;
    std::uint32_t instructions_;
    std::uint32_t depth_, word_, immediate_;
    std::uint32_t place_, region_;
    Shape shape_;
    X86Parser parser_;
    std::uint32_t before_[3];
    std::uint8_t displacement_[8];
    std::int32_t* set_[kSets];
    std::uint32_t features_[32];
    Context context_[kMaxContexts];
    std::int32_t input_[kInputs];
    std::uint8_t label_[256];    // of the instructions to come, by number
    Counter match_[32];
    std::int32_t reciprocal_[256];
    std::int16_t stretch_[4096];   // ln(p / (1 - p)) in 1/256
    std::uint16_t squash_[4096];   // its inverse
    Counter history_[kMaxContexts][256];
    std::int32_t weight_[64 + 256][kInputs];
    std::int16_t corrections_[64 * 256 * 32];
    std::uint32_t heads_[1 << 16];
    Slot slots_[1 << kTableBits];
};

}  // namespace util
