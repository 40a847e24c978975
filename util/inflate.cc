#include "util/inflate.h"

namespace util {

namespace {

constexpr unsigned kLongestCode = 15, kLiterals = 288, kDistances = 32, kEndOfBlock = 256, kRepeatLast = 16;

// A canonical Huffman code: how many codes of each length there are, and their symbols in the codes' order.
struct Code {
    std::uint16_t count[kLongestCode + 1];
    std::uint16_t symbols[kLiterals];

    // False: more codes than there can be.
    bool build(const std::uint8_t* lengths, unsigned symbol_count) {
        std::uint16_t first[kLongestCode + 1];
        for (auto& n : count) n = 0;
        for (unsigned i = 0; i < symbol_count; ++i) ++count[lengths[i]];
        count[0] = 0;
        int left = 1;
        unsigned total = 0;
        for (unsigned length = 1; length <= kLongestCode; ++length) {
            left = left * 2 - count[length];
            if (left < 0) return false;
            first[length] = static_cast<std::uint16_t>(total);
            total += count[length];
        }
        for (unsigned i = 0; i < symbol_count; ++i)
            if (lengths[i]) symbols[first[lengths[i]]++] = static_cast<std::uint16_t>(i);
        return true;
    }
};

class Inflater {
  public:
    Inflater(Bytes packed, MutableBytes target, Loop* loop) : packed_(packed), target_(target), loop_(loop) {}

    Result<Inflated> run() {
        bool last = false;
        while (!last && !failure_) {
            last = take(1);
            switch (take(2)) {
                case 0: stored(); break;
                case 1: fixed(); break;
                case 2: dynamic(); break;
                default: fail();
            }
        }
        if (failure_) return *failure_;
        return Inflated{at_, produced_};  // of the last byte only some bits are left
    }

  private:
    void fail(const Failure& failure = kBadDeflate) {
        if (!failure_) failure_ = &failure;
    }
    // The next bits, the first one lowest; zeros past the end, which is a failure.
    unsigned take(unsigned count) {
        while (bit_count_ < count) {
            if (at_ == packed_.size()) {
                fail();
                return 0;
            }
            bits_ |= std::to_integer<std::uint32_t>(packed_[at_++]) << bit_count_;
            bit_count_ += 8;
        }
        unsigned value = bits_ & ((1u << count) - 1);
        bits_ >>= count;
        bit_count_ -= count;
        return value;
    }
    unsigned decode(const Code& code) {
        unsigned value = 0, first = 0, index = 0;
        for (unsigned length = 1; length <= kLongestCode; ++length) {
            value |= take(1);
            unsigned count = code.count[length];
            if (value < first + count) return code.symbols[index + value - first];
            index += count;
            first = (first + count) << 1;
            value <<= 1;
        }
        fail();
        return kEndOfBlock;
    }
    void put(std::byte byte) {
        if (produced_ == target_.size()) return fail(kDeflateRoom);
        target_[produced_++] = byte;
    }
    void copy(std::size_t distance, unsigned length) {
        if (distance > produced_) return fail();
        while (length-- && !failure_) put(target_[produced_ - distance]);
    }

    void stored() {
        bits_ = bit_count_ = 0;  // the rest of the byte
        unsigned size = take(16);
        if ((take(16) ^ 0xffff) != size) fail();
        while (size-- && !failure_) put(std::byte(take(8)));
    }
    void fixed() {
        std::uint8_t lengths[kLiterals];
        for (unsigned i = 0; i < kLiterals; ++i)
            lengths[i] = i < 144 ? 8 : i < 256 ? 9 : i < 280 ? 7 : 8;
        literals_.build(lengths, kLiterals);
        for (unsigned i = 0; i < kDistances; ++i) lengths[i] = 5;
        distances_.build(lengths, kDistances);
        block();
    }
    void dynamic() {
        constexpr std::uint8_t kOrder[] = {16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15};
        std::uint8_t lengths[kLiterals + kDistances] = {};
        unsigned literals = take(5) + 257, distances = take(5) + 1, code_lengths = take(4) + 4;
        for (unsigned i = 0; i < code_lengths; ++i) lengths[kOrder[i]] = static_cast<std::uint8_t>(take(3));
        if (!literals_.build(lengths, std::size(kOrder))) return fail();
        unsigned count = 0;
        while (count < literals + distances && !failure_) {
            unsigned symbol = decode(literals_), repeat = 1;
            std::uint8_t length = 0;
            if (symbol < kRepeatLast) {
                length = static_cast<std::uint8_t>(symbol);
            } else if (symbol == kRepeatLast) {
                if (count == 0) return fail();
                length = lengths[count - 1];
                repeat = 3 + take(2);
            } else {
                repeat = symbol == kRepeatLast + 1 ? 3 + take(3) : 11 + take(7);
            }
            if (repeat > literals + distances - count) return fail();
            while (repeat--) lengths[count++] = length;
        }
        if (!literals_.build(lengths, literals) || !distances_.build(lengths + literals, distances)) return fail();
        block();
    }
    // RFC 1951 section 3.2.5: what symbols mean is regular enough to be computed.
    void block() {
        while (!failure_) {
            if (produced_ >= next_pause_) pause();
            unsigned symbol = decode(literals_);
            if (symbol == kEndOfBlock) return;
            if (symbol < kEndOfBlock) {
                put(std::byte(symbol));
                continue;
            }
            symbol -= kEndOfBlock + 1;
            unsigned length = symbol + 3;
            if (symbol > 28) return fail();
            if (symbol >= 4) {
                unsigned extra = symbol / 4 - 1;
                length = symbol == 28 ? 258 : ((4 + symbol % 4) << extra) + 3 + take(extra);
            }
            symbol = decode(distances_);
            std::size_t distance = symbol + 1;
            if (symbol >= 30) return fail();
            if (symbol >= 2) {
                unsigned extra = symbol / 2 - 1;
                distance = ((2 + symbol % 2) << extra) + 1 + take(extra);
            }
            copy(distance, length);
        }
    }

    void pause() {
        next_pause_ = produced_ + kPausesEvery;
        if (!loop_) return;
        if (auto passed = loop_->sleep({}); !passed.ok()) fail(passed.failure());
    }

    static constexpr std::size_t kPausesEvery = 1 << 20;  // some 10 ms
    Bytes packed_;
    MutableBytes target_;
    Loop* loop_;
    std::size_t next_pause_ = kPausesEvery;
    std::size_t at_ = 0, produced_ = 0;
    std::uint32_t bits_ = 0;
    unsigned bit_count_ = 0;
    const Failure* failure_ = nullptr;
    Code literals_, distances_;
};

}  // namespace

Result<Inflated> inflate(Bytes packed, MutableBytes target, Loop* loop) { return Inflater(packed, target, loop).run(); }

}  // namespace util
