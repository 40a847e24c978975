#include "util/lzma.h"

namespace util {
namespace {

using Probability = LzmaWorkspace::Probability;
using Length = LzmaWorkspace::Length;

constexpr unsigned kProbabilityBits = 11;
constexpr unsigned kMoveBits = 5;
constexpr std::uint32_t kTop = 1u << 24;
constexpr unsigned kMinimumMatch = 2;
constexpr unsigned kFirstSpecialSlot = 4, kFirstDirectSlot = 14;
constexpr unsigned kStatesAfterLiteral = 7;  // states below are "the last thing was a literal"

class Decoder {
  public:
    Decoder(const LzmaInput& input, std::uint8_t* target, std::uint32_t size, LzmaWorkspace& workspace)
        : next_(input.data), end_(input.data + input.size), target_(target), size_(size), p_(workspace) {}

    bool run(unsigned properties) {
        if (properties >= 9 * 5 * 5) return false;
        lc_ = properties % 9;
        unsigned lp = properties / 9 % 5;
        if (lc_ + lp > LzmaWorkspace::kMaxLiteralBits) return false;
        lp_mask_ = (1u << lp) - 1;
        pb_mask_ = (1u << (properties / 45)) - 1;
        auto* probabilities = reinterpret_cast<Probability*>(&p_);
        for (unsigned i = 0; i < sizeof p_ / sizeof(Probability); ++i)
            probabilities[i] = 1u << (kProbabilityBits - 1);
        if (next_byte() != 0) return false;
        for (int i = 0; i < 4; ++i) code_ = code_ << 8 | next_byte();
        while (at_ < size_)
            if (!step()) return false;
        return !ran_out_;
    }

  private:
    std::uint32_t next_byte() {
        if (next_ < end_) return *next_++;
        ran_out_ = true;
        return 0;
    }
    void normalise() {
        if (range_ >= kTop) return;
        range_ <<= 8;
        code_ = code_ << 8 | next_byte();
    }
    [[gnu::noinline]] unsigned bit(Probability& probability) {
        std::uint32_t bound = (range_ >> kProbabilityBits) * probability;
        unsigned value = code_ >= bound;
        if (value) {
            range_ -= bound;
            code_ -= bound;
            probability = static_cast<Probability>(probability - (probability >> kMoveBits));
        } else {
            range_ = bound;
            probability =
                static_cast<Probability>(probability + (((1u << kProbabilityBits) - probability) >> kMoveBits));
        }
        normalise();
        return value;
    }
    // `count` bits, most significant first.
    unsigned tree(Probability* probabilities, unsigned count) {
        unsigned node = 1;
        for (unsigned i = 0; i < count; ++i) node = node << 1 | bit(probabilities[node]);
        return node - (1u << count);
    }
    unsigned reverse_tree(Probability* probabilities, unsigned count) {
        unsigned node = 1, value = 0;
        for (unsigned i = 0; i < count; ++i) {
            unsigned b = bit(probabilities[node]);
            node = node << 1 | b;
            value |= b << i;
        }
        return value;
    }
    unsigned direct_bits(unsigned count) {
        unsigned value = 0;
        while (count--) {
            range_ >>= 1;
            unsigned b = code_ >= range_;
            if (b) code_ -= range_;
            value = value << 1 | b;
            normalise();
        }
        return value;
    }

    std::uint8_t behind(std::uint32_t distance) const { return target_[at_ - distance - 1]; }

    void literal() {
        unsigned previous = at_ ? behind(0) : 0;
        unsigned context = ((at_ & lp_mask_) << lc_) + (previous >> (8 - lc_));
        Probability* probabilities = p_.literal + 0x300 * context;
        unsigned symbol = 1;
        if (state_ >= kStatesAfterLiteral) {
            unsigned match = behind(repeat_[0]);
            do {
                unsigned match_bit = match >> 7 & 1;
                match <<= 1;
                unsigned b = bit(probabilities[((1 + match_bit) << 8) + symbol]);
                symbol = symbol << 1 | b;
                if (b != match_bit) break;
            } while (symbol < 0x100);
        }
        while (symbol < 0x100) symbol = symbol << 1 | bit(probabilities[symbol]);
        target_[at_++] = static_cast<std::uint8_t>(symbol);
        state_ = state_ < 4 ? 0 : state_ < 10 ? state_ - 3 : state_ - 6;
    }
    unsigned length(Length& coder, unsigned position) {
        if (!bit(coder.choice[0])) return kMinimumMatch + tree(coder.low[position], 3);
        if (!bit(coder.choice[1])) return kMinimumMatch + 8 + tree(coder.middle[position], 3);
        return kMinimumMatch + 16 + tree(coder.high, 8);
    }
    std::uint32_t distance(unsigned match_length) {
        unsigned context = match_length - kMinimumMatch;
        unsigned slot = tree(p_.slot[context < 3 ? context : 3], 6);
        if (slot < kFirstSpecialSlot) return slot;
        unsigned bits = (slot >> 1) - 1;
        std::uint32_t value = (2 | (slot & 1)) << bits;
        if (slot < kFirstDirectSlot) return value + reverse_tree(p_.special + value - slot, bits);
        value += direct_bits(bits - 4) << 4;
        return value + reverse_tree(p_.align, 4);
    }
    // Chooses among the last four distances; true when exactly one byte shall be repeated.
    bool choose_repeat(unsigned position) {
        if (!bit(p_.is_repeat0[state_])) return !bit(p_.is_repeat0_long[state_][position]);
        unsigned which = 1;
        if (bit(p_.is_repeat1[state_])) which = 2 + bit(p_.is_repeat2[state_]);
        std::uint32_t chosen = repeat_[which];
        for (; which; --which) repeat_[which] = repeat_[which - 1];
        repeat_[0] = chosen;
        return false;
    }
    bool copy(unsigned count) {
        if (repeat_[0] >= at_ || count > size_ - at_) return false;
        while (count--) {
            target_[at_] = behind(repeat_[0]);
            ++at_;
        }
        return true;
    }
    // One literal or one match.
    bool step() {
        if (ran_out_) return false;
        unsigned position = at_ & pb_mask_;
        if (!bit(p_.is_match[state_][position])) {
            literal();
            return true;
        }
        bool after_literal = state_ < kStatesAfterLiteral;
        unsigned count;
        if (bit(p_.is_repeat[state_])) {
            if (choose_repeat(position)) {
                state_ = after_literal ? 9 : 11;
                return copy(1);
            }
            count = length(p_.repeat_length, position);
            state_ = after_literal ? 8 : 11;
        } else {
            for (unsigned i = 3; i; --i) repeat_[i] = repeat_[i - 1];
            count = length(p_.match_length, position);
            state_ = after_literal ? 7 : 10;
            repeat_[0] = distance(count);
        }
        return copy(count);
    }

    const std::uint8_t* next_;
    const std::uint8_t* end_;
    std::uint8_t* target_;
    std::uint32_t size_;
    LzmaWorkspace& p_;
    std::uint32_t at_ = 0;
    std::uint32_t range_ = 0xffffffff, code_ = 0;
    std::uint32_t repeat_[4] = {};
    unsigned state_ = 0, lc_ = 0, lp_mask_ = 0, pb_mask_ = 0;
    bool ran_out_ = false;
};

}  // namespace

bool lzma_unpack(const LzmaInput& input, std::uint8_t* target, std::uint32_t target_size, LzmaWorkspace& workspace) {
    return Decoder(input, target, target_size, workspace).run(input.properties);
}

}  // namespace util
