#include "san/iscsi_parameters.h"

#include <algorithm>

#include "san/iscsi_failures.h"

namespace san {

using util::Result;

namespace {

// How two wishes become one (RFC 7143 section 6.2.2).
enum class Rule : std::uint8_t { And, Or, Minimum, Maximum, Digest, Declared };

struct Parameter {
    const char* name;
    Rule rule;
    std::uint32_t ours;
    std::uint32_t least, most;  // legal values of numbers
    std::uint32_t SessionParameters::*in_force = nullptr;  // null: nothing depends on it
};

constexpr std::uint32_t kMost = 0xffffff;
// One connection, error recovery by a new session, data in order: what a boot disk needs.
constexpr Parameter kParameters[] = {
    {"HeaderDigest", Rule::Digest, 0, 0, 0, &SessionParameters::header_digest},
    {"DataDigest", Rule::Digest, 0, 0, 0, &SessionParameters::data_digest},
    {"MaxRecvDataSegmentLength", Rule::Declared, kOurSegmentLength, 512, kMost, &SessionParameters::max_recv_data_segment_length},
    {"InitialR2T", Rule::Or, 0, 0, 0, &SessionParameters::initial_r2t},
    {"ImmediateData", Rule::And, 1, 0, 0, &SessionParameters::immediate_data},
    {"MaxBurstLength", Rule::Minimum, 1048576, 512, kMost, &SessionParameters::max_burst_length},
    {"FirstBurstLength", Rule::Minimum, 262144, 512, kMost, &SessionParameters::first_burst_length},
    {"MaxOutstandingR2T", Rule::Minimum, 1, 1, 65535},
    {"MaxConnections", Rule::Minimum, 1, 1, 65535},
    {"ErrorRecoveryLevel", Rule::Minimum, 0, 0, 2},
    {"DefaultTime2Wait", Rule::Maximum, 0, 0, 3600},
    {"DefaultTime2Retain", Rule::Minimum, 0, 0, 3600},
    {"DataPDUInOrder", Rule::Or, 1, 0, 0},
    {"DataSequenceInOrder", Rule::Or, 1, 0, 0},
};
// Obsolete, or later than us: only ever answered.
constexpr Parameter kAnswered[] = {
    {"IFMarker", Rule::And, 0, 0, 0},
    {"OFMarker", Rule::And, 0, 0, 0},
    {"iSCSIProtocolLevel", Rule::Minimum, 1, 0, 31},
};

constexpr const char* kDigestNone = "None";
const char* yes_or_no(bool value) { return value ? "Yes" : "No"; }

const Parameter* find(std::span<const Parameter> parameters, std::string_view name) {
    for (const Parameter& parameter : parameters)
        if (util::equal(name, parameter.name)) return &parameter;
    return nullptr;
}

// The target has no opinion that counts: the standard's default stays.
bool is_refusal(std::string_view value) {
    return util::equal(value, "NotUnderstood") || util::equal(value, "Irrelevant") || util::equal(value, "Reject");
}

std::uint32_t combine(const Parameter& parameter, std::uint32_t theirs) {
    switch (parameter.rule) {
        case Rule::And: return parameter.ours & theirs;
        case Rule::Or: return parameter.ours | theirs;
        case Rule::Minimum: return std::min(parameter.ours, theirs);
        case Rule::Maximum: return std::max(parameter.ours, theirs);
        default: return theirs;
    }
}

// 1 or 0 for one or the other.
Result<std::uint32_t> either(std::string_view text, const char* one, const char* other) {
    if (util::equal(text, one)) return std::uint32_t{1};
    if (util::equal(text, other)) return std::uint32_t{0};
    return kLoginProtocol;
}

Result<std::uint32_t> read_value(const Parameter& parameter, std::string_view text, Offered offered) {
    switch (parameter.rule) {
        case Rule::And:
        case Rule::Or:
            return either(text, "Yes", "No");
        case Rule::Digest:
            // An answer is one of what we offered; to a proposal we only ever say None.
            if (offered == Offered::No) return std::uint32_t{0};
            return either(text, "CRC32C", kDigestNone);
        default: {
            auto number = decode_number(text);
            if (!number || *number < parameter.least || *number > parameter.most) return kLoginProtocol;
            return *number;
        }
    }
}

void answer(const Parameter& parameter, std::uint32_t value, TextKeyWriter& reply) {
    switch (parameter.rule) {
        case Rule::And:
        case Rule::Or: return reply.add(parameter.name, yes_or_no(value));
        case Rule::Digest: return reply.add(parameter.name, kDigestNone);
        case Rule::Declared: return;
        default: return reply.add(parameter.name, value);
    }
}

}  // namespace

void offer_parameters(const IscsiConfig& config, TextKeyWriter& text) {
    for (const Parameter& parameter : kParameters) {
        DigestWish wish = parameter.name[0] == 'H' ? config.header_digest : config.data_digest;
        if (parameter.rule == Rule::Digest)
            text.add(parameter.name, wish == DigestWish::Crc32c ? "CRC32C,None" : kDigestNone);
        else if (parameter.rule == Rule::And || parameter.rule == Rule::Or)
            text.add(parameter.name, yes_or_no(parameter.ours));
        else
            text.add(parameter.name, parameter.ours);
    }
}

Result<bool> negotiate_parameter(const TextKey& key, Offered offered, SessionParameters& parameters,
                                 TextKeyWriter& reply) {
    const Parameter* parameter = find(kParameters, key.name);
    if (!parameter) {
        parameter = find(kAnswered, key.name);
        if (!parameter) return false;
        offered = Offered::No;
    }
    if (is_refusal(key.value)) return true;
    std::uint32_t value = combine(*parameter, TRY(read_value(*parameter, key.value, offered)));
    if (parameter->in_force) parameters.*parameter->in_force = value;
    if (offered == Offered::No) answer(*parameter, value, reply);
    return true;
}

}  // namespace san
