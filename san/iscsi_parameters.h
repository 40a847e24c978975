// What login negotiates (RFC 7143 section 13), and how each key is negotiated.
#pragma once

#include <cstdint>
#include <string_view>

#include "san/iscsi_config.h"
#include "san/iscsi_text.h"

namespace san {

// The values in force; before negotiation the standard's defaults.
struct SessionParameters {
    std::uint32_t max_recv_data_segment_length = kDefaultSegmentLength;  // the target's: what we may send
    std::uint32_t max_burst_length = 262144;
    std::uint32_t first_burst_length = 65536;
    // 0 or 1: one table sets them all.
    std::uint32_t initial_r2t = 1;
    std::uint32_t immediate_data = 1;
    std::uint32_t header_digest = 0;
    std::uint32_t data_digest = 0;
};

// The largest data segment that we take; declared at login and enforced.
inline constexpr std::uint32_t kOurSegmentLength = 262144;

// Says all that we want of the operational stage.
void offer_parameters(const IscsiConfig& config, TextKeyWriter& text);

// A key from the target. Takes an answer to our offer into force; a proposal of a key that we had not offered is
// answered into `reply`. True when it belongs here. Failure: an answer that makes no sense.
enum class Offered : std::uint8_t { No, Yes };
util::Result<bool> negotiate_parameter(const TextKey& key, Offered offered, SessionParameters& parameters,
                                       TextKeyWriter& reply);

}  // namespace san
