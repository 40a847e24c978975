#include "util/mixing_model.h"

namespace util {
namespace {

constexpr std::uint32_t kHash = 0x2f0b4c47;   // odd, without pattern
constexpr int kRange = 2047;                  // of stretched probabilities
constexpr int kFirstWeight = 12000;           // 1.0 is 65536
constexpr int kBias = 256;
constexpr int kLearningShift = 17, kCorrectionShift = 6;
constexpr unsigned kCountLimit = 255, kSlotCountLimit = 15;
constexpr unsigned kShortestMatch = 5, kLongestMatch = 32;
constexpr int kGoodEnough = 1000;             // error up to which nothing is learned: quicker, and packs better
constexpr std::uint32_t kLeast = 32;          // probability that is ruled out for either bit
constexpr unsigned kByteRows = 64;            // of weights, behind those of places

std::uint32_t mixed(std::uint32_t value) {
    value *= kHash;
    return value ^ value >> 15;
}

}  // namespace

void MixingModel::start(const Shape& shape) {
    shape_ = shape;
    make_tables();
    begin_byte();
}

void MixingModel::make_tables() {
    for (unsigned i = 0; i < 256; ++i) reciprocal_[i] = static_cast<std::int32_t>(65536 / (2 * i + 3));
    // The logistic function, by its slope p (1 - p) from one half on.
    std::uint32_t below = 0x80000000;
    unsigned known = 2048;
    for (int x = 0; x <= kRange; ++x) {
        squash_[2048 + x] = static_cast<std::uint16_t>(~below >> 16);
        squash_[2048 - x] = static_cast<std::uint16_t>(below >> 16);
        for (unsigned up_to = x < kRange ? ~below >> 20 : 4095; known <= up_to; ++known) {
            stretch_[known] = static_cast<std::int16_t>(x);
            stretch_[4095 - known] = static_cast<std::int16_t>(-x);
        }
        below -= static_cast<std::uint32_t>(std::uint64_t{below} * ~below >> 40);
    }
}

void MixingModel::begin_byte() {
    partial_ = node_ = 1;
    for (unsigned i = 0; i < 6; ++i) features_[Byte1 + i] = past(i + 1);
    const X86Parser& parser = parser_;
    features_[Column] = 0;
    region_ = 0;
    place_ = parser.field * 8 + parser.left;
    features_[StackDepth] = depth_;
    if (at_ >= shape_.code_size) {
        region_ = at_ < shape_.data_end ? 1 : 2;
        place_ = 61 + region_;
        features_[Column] = (at_ & 3) | past(8) << 8;
    }
    features_[Place] = place_;
    features_[Operation] = place_ | parser.opcode << 8;
    features_[Instruction] = features_[Operation] | parser.modrm << 17 | parser.sib << 24;
    for (unsigned i = 0; i < 3; ++i) features_[Before1 + i] = before_[i];
    features_[Label] = label_[instructions_ & 255];
    features_[Displacement] = parser.field >= X86Parser::Sib ? displacement_[parser.modrm & 7] : 0;
    features_[Word] = word_;
    features_[ImmediateByte] = immediate_;
    Context* context = context_;
    std::uint32_t hash = 0;
    for (unsigned i = 0; i < shape_.features_size; ++i) {
        std::uint32_t feature = shape_.features[i];
        hash = mixed(hash + features_[feature & 31] + feature);
        if (feature < kLast) continue;
        context->hash = hash;
        ++context;
        hash = 0;
    }
    find_match();
}

// What followed the last time that the last bytes were these.
void MixingModel::find_match() {
    std::uint32_t hash = 0;
    for (unsigned i = 0; i < kShortestMatch; ++i) hash = mixed(hash + features_[Byte1 + i] + 1);
    std::uint32_t& head = heads_[hash >> 16];
    if (!match_length_) {
        match_at_ = head;
        while (match_length_ < kLongestMatch && match_length_ < match_at_ &&
               shape_.bytes[match_at_ - 1 - match_length_] == past(match_length_ + 1))
            ++match_length_;
        if (match_length_ < kShortestMatch) match_length_ = 0;
    }
    head = at_;
}

std::uint32_t MixingModel::predict() {
    std::int32_t* input = input_;
    for (unsigned k = 0; k < shape_.contexts; ++k) {
        Context& context = context_[k];
        if (node_ == 1) context.line = mixed(context.hash + partial_ * 0x9e3779b1u);
        Slot& slot = slots_[context.line >> (32 - kTableBits) ^ node_];
        auto check = static_cast<std::uint8_t>(context.line);
        if (slot.check != check || !slot.history) slot = {0x8000, 1, check};
        context.slot = &slot;
        context.counter = &history_[k][slot.history];
        *input++ = stretch_[slot.probability_and_count >> 4];
        *input++ = opinion(*context.counter);
    }
    match_counter_ = nullptr;
    input[0] = 0;
    if (match_length_) {
        std::uint32_t byte = shape_.bytes[match_at_] + 256u;
        unsigned left = __builtin_clz(partial_) - 23;
        if (byte >> left == partial_) {
            std::uint32_t length = match_length_ < kLongestMatch ? match_length_ : kLongestMatch;
            match_counter_ = &match_[length - 1];
            expected_ = byte >> (left - 1) & 1;
            input[0] = opinion(*match_counter_);
            if (!expected_) input[0] = -input[0];
        }
    }
    input[1] = kBias;

    set_[0] = weight_[place_];
    set_[1] = weight_[kByteRows + features_[Byte1]];
    std::int32_t sum = 0;
    for (unsigned i = 0; i < 2 * shape_.contexts + 2; ++i) {
        sum += (set_[0][i] + set_[1][i] + kFirstWeight) * input_[i];
    }
    sum >>= 16;
    if (sum > kRange) sum = kRange;
    if (sum < -kRange) sum = -kRange;
    probability_ = squash_[2048 + sum];
    // What the network is wrong by here on average.
    correction_ = &corrections_[(place_ * 256 + partial_) * 32 + ((sum + 2048) >> 7)];
    std::int32_t p = static_cast<std::int32_t>(probability_) + *correction_;
    if (p < static_cast<std::int32_t>(kLeast)) p = kLeast;
    if (p > static_cast<std::int32_t>(0x10000 - kLeast)) p = 0x10000 - kLeast;
    return static_cast<std::uint32_t>(p);
}

void MixingModel::learn(Counter& counter, std::uint32_t bit) {
    std::int32_t wanted = bit ? 0x7fff : -0x8000;
    counter.lean = static_cast<std::int16_t>(counter.lean + ((wanted - counter.lean) * reciprocal_[counter.count] >> 15));
    if (counter.count < kCountLimit) ++counter.count;
}

void MixingModel::update(std::uint32_t bit) {
    std::int32_t error = static_cast<std::int32_t>(bit << 16) - static_cast<std::int32_t>(probability_);
    *correction_ = static_cast<std::int16_t>(*correction_ + ((error - *correction_) >> kCorrectionShift));
    if (error >= kGoodEnough || error <= -kGoodEnough) learn_all(bit, error);
    partial_ = partial_ * 2 + bit;
    node_ = node_ * 2 + bit;
    if (node_ >= 16) node_ = 1;
    if (partial_ >= 256) end_byte();
}

void MixingModel::learn_all(std::uint32_t bit, std::int32_t error) {
    for (unsigned i = 0; i < 2 * shape_.contexts + 2; ++i) {
        std::int32_t step = (input_[i] * error + (1 << (kLearningShift - 1))) >> kLearningShift;
        set_[0][i] += step;
        set_[1][i] += step;
    }
    for (unsigned k = 0; k < shape_.contexts; ++k) {
        learn(*context_[k].counter, bit);
        Slot& slot = *context_[k].slot;
        std::int32_t p = slot.probability_and_count >> 4;
        unsigned count = slot.probability_and_count & 15;
        p += (static_cast<std::int32_t>(bit ? 4095 : 0) - p) * reciprocal_[count] >> 15;
        if (count < kSlotCountLimit) ++count;
        slot.probability_and_count = static_cast<std::uint16_t>(p << 4 | static_cast<std::int32_t>(count));
        unsigned history = slot.history * 2u + bit;
        slot.history = static_cast<std::uint8_t>(history < 256 ? history : 128 | (history & 127));
    }
    if (match_counter_) learn(*match_counter_, bit == expected_);
}

void MixingModel::end_byte() {
    auto byte = static_cast<std::uint8_t>(partial_);
    if (match_length_ && shape_.bytes[match_at_++] == byte) ++match_length_;
    else match_length_ = 0;
    shape_.bytes[at_] = byte;
    if (at_ < shape_.code_size) {
        std::uint32_t field = parser_.field;
        if (field == X86Parser::Displacement) displacement_[parser_.modrm & 7] = byte;
        if (field == X86Parser::Immediate) immediate_ = byte;
        if (parser_.step(byte)) end_instruction(parser_.opcode);
    } else {
        word_ = byte >= 'A' ? mixed(word_ + byte) : 0;
    }
    ++at_;
    begin_byte();
}

void MixingModel::end_instruction(std::uint32_t opcode) {
    std::uint32_t byte = partial_ & 255;
    std::uint32_t modrm = parser_.modrm;
    label_[instructions_++ & 255] = 0;
    if (((opcode & ~15u) == 0x70 || opcode == 0xeb) && byte < 128) label_[(instructions_ + byte) & 255] = 1;
    before_[2] = before_[1];
    before_[1] = before_[0];
    before_[0] = opcode | modrm << 12;
    if (opcode == 0x83 && modrm == 0xc4) depth_ -= byte;          // add esp, n
    if (opcode == 0x83 && modrm == 0xec) depth_ += byte;          // sub esp, n
    if ((opcode | 2) == 0x6a || (opcode & ~7u) == 0x50) depth_ += 4;  // push
    if ((opcode & ~7u) == 0x58) depth_ -= 4;                      // pop
    if (opcode == 0xff && (modrm & 0x30) == 0x30) depth_ += 4;    // push
    if (opcode == 0xc3) depth_ = 0;                               // ret
}

}  // namespace util
