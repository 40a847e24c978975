#include "util/mixing_model.h"

namespace util {
namespace {

constexpr std::uint32_t kHash = 0x2f0b4c47;   // odd, without pattern
constexpr int kRange = 2047;                  // of stretched probabilities
constexpr int kFirstWeight = 12000;           // 1.0 is 65536
constexpr int kLearningShift = 17, kCorrectionShift = 7;
constexpr std::uint32_t kCountLimit = 12, kCount = 15, kCheck = 63 << 4;  // of a slot
constexpr std::uint32_t kOften = 1;           // what was seen more often is first forgotten a little before it is replaced
constexpr unsigned kShortestMatch = 3, kLongestMatch = 31;
constexpr int kGoodEnough = 1966;             // error up to which nothing is learned: quicker, and packs better
constexpr std::int32_t kLeast = 32;           // probability that is ruled out for either bit
constexpr unsigned kByteRows = 64;            // of weights, behind those of places

std::uint32_t mixed(std::uint32_t value) {
    value *= kHash;
    return value ^ value >> 15;
}

}  // namespace

void MixingModel::start(const Shape& shape) {
    shape_ = shape;
    inputs_ = shape.contexts + 1;
    make_tables();
    begin_byte();
}

void MixingModel::make_tables() {
    for (unsigned i = 0; i <= kCountLimit; ++i) rate_[i] = 655360 / (6 * i + 12);
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
    partial_ = 1;
    for (unsigned i = 0; i < 6; ++i) features_[Byte1 + i] = past(i + 1);
    const X86Parser& parser = parser_;
    features_[Column] = 0;
    place_ = parser.field * 8 + parser.left;
    features_[StackDepth] = depth_;
    features_[Pushed] = pushed_[depth_ / 4 % 64];
    if (at_ >= shape_.code_size) {
        place_ = at_ < shape_.data_end ? 62 : 63;
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
    std::uint32_t* context = hash_;
    std::uint32_t hash = 0;
    for (unsigned i = 0; i < shape_.features_size; ++i) {
        std::uint32_t feature = shape_.features[i];
        hash = mixed(hash + features_[feature & 31] + feature);
        if (feature < kLast) continue;
        *context++ = hash;
        hash = 0;
    }
    find_match();
    expected_ = match_length_ ? shape_.bytes[match_at_] : 0;
    match_ = match_length_ < kLongestMatch ? match_length_ : kLongestMatch;
    set_[0] = weight_[place_];
    set_[1] = weight_[kByteRows + features_[Byte1]];
    for (unsigned i = 0; i < inputs_; ++i) sum_[i] = set_[0][i] + set_[1][i] + kFirstWeight;
    begin_half();
}

void MixingModel::begin_half() {
    node_ = 1;
    for (unsigned k = 0; k < shape_.contexts; ++k) line_[k] = mixed(hash_[k] + partial_ * 0x9e3779b1u);
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
    // The last context is the match: how long it is and what it expects. Its slots are the table's first.
    std::uint32_t node = node_;
    line_[inputs_ - 1] = ((match_ ? match_ * 2 + (expected_ >> 7 & 1) : 0) ^ node) << (32 - kTableBits);

    std::uint32_t total = 0;
    unsigned i = inputs_;
    do {
        --i;
        std::uint32_t line = line_[i];
        Slot slot = slots_[line >> (32 - kTableBits) ^ node];
        // Nothing when the slot is another context's. Without a branch, which would take longer than all else.
        std::int32_t is_its_own = static_cast<std::int32_t>(((slot ^ line) & kCheck) - 1) >> 31;
        std::int32_t input = stretch_[2048 + (static_cast<std::int32_t>(slot) >> 20)] & is_its_own;
        input_[i] = input;
        total += static_cast<std::uint32_t>(sum_[i]) * static_cast<std::uint32_t>(input);
    } while (i);
    std::int32_t sum = static_cast<std::int32_t>(total) >> 16;
    if (sum > kRange) sum = kRange;
    if (sum < -kRange) sum = -kRange;
    probability_ = squash_[2048 + sum];
    // What the network is wrong by here on average.
    correction_ = &corrections_[(place_ * 256 + partial_) * 32 + ((sum + 2048) >> 7)];
    std::int32_t p = static_cast<std::int32_t>(probability_) + *correction_;
    if (p < kLeast) p = kLeast;
    if (p > 0x10000 - kLeast) p = 0x10000 - kLeast;
    return static_cast<std::uint32_t>(p);
}

void MixingModel::update(std::uint32_t bit) {
    std::int32_t error = static_cast<std::int32_t>(bit << 16) - static_cast<std::int32_t>(probability_);
    *correction_ = static_cast<std::int16_t>(*correction_ + ((error - *correction_) >> kCorrectionShift));
    if (error >= kGoodEnough || error <= -kGoodEnough) learn(bit, error);
    if ((expected_ >> 7 & 1) != bit) match_ = 0;
    expected_ <<= 1;
    partial_ = partial_ * 2 + bit;
    node_ = node_ * 2 + bit;
    if (partial_ >= 256) end_byte();
    else if (node_ >= 16) begin_half();
}

void MixingModel::learn(std::uint32_t bit, std::int32_t error) {
    std::int32_t wanted = bit ? 0x3fff : -0x4000;  // 15 bits, so that products have 32
    unsigned i = inputs_;
    do {
        --i;
        sum_[i] += (input_[i] * error + (1 << (kLearningShift - 1))) >> kLearningShift << 1;
        std::uint32_t line = line_[i];
        Slot& slot = slot_of(line);
        Slot value = slot;
        if ((value ^ line) & kCheck) {
            if ((value & kCount) > kOften) {
                --slot;
                continue;
            }
            value = line & kCheck;
        }
        std::int32_t change = (wanted - (static_cast<std::int32_t>(value) >> 17)) * static_cast<std::int32_t>(rate_[value & kCount]);
        value += static_cast<std::uint32_t>(change) * 2 & ~(kCheck | kCount);
        if ((value & kCount) < kCountLimit) ++value;
        slot = value;
    } while (i);
}

void MixingModel::end_byte() {
    auto byte = static_cast<std::uint8_t>(partial_);
    for (unsigned i = 0; i < inputs_; ++i) {
        std::int32_t change = (sum_[i] - set_[0][i] - set_[1][i] - kFirstWeight) >> 1;
        set_[0][i] += change;
        set_[1][i] += change;
    }
    if (match_length_ && shape_.bytes[match_at_++] == byte) ++match_length_;
    else match_length_ = 0;
    shape_.bytes[at_] = byte;
    last_bytes_ = last_bytes_ >> 8 | partial_ << 24;
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
    std::uint32_t depth = depth_;
    std::uint32_t count = opcode & 2 ? byte : last_bytes_;
    if ((opcode | 2) == 0x83 && modrm == 0xc4) depth_ -= count;  // add esp, n
    if ((opcode | 2) == 0x83 && modrm == 0xec) frame_ = depth_ += count;  // sub esp, n
    if ((opcode | 2) == 0x6a || (opcode & ~7u) == 0x50) depth_ += 4;  // push
    if ((opcode & ~7u) == 0x58) depth_ -= 4;                      // pop
    if (opcode == 0xff && (modrm & 0x30) == 0x30) depth_ += 4;    // push
    if (depth_ > depth) pushed_[depth_ / 4 % 64] = static_cast<std::uint8_t>(byte);
    if (opcode == 0xcc) depth_ = frame_ = 0;                      // between functions
    if (opcode == 0xe8) {
        modrm = last_bytes_ >> 16;
        if (frame_) depth_ = frame_;                              // callees take their arguments off
    }
    before_[0] = opcode | modrm << 12;
}

}  // namespace util
