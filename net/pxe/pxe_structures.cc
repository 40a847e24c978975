#include "net/pxe/pxe_structures.h"

namespace net {

namespace {

// All bytes, the sum's own included, add up to zero.
template <class T>
void finish(T& structure) {
    structure.length = sizeof structure;
    structure.checksum = 0;
    unsigned sum = 0;
    for (std::byte byte : std::as_bytes(std::span(&structure, 1))) sum += std::to_integer<unsigned>(byte);
    structure.checksum = static_cast<std::uint8_t>(-sum);
}

}  // namespace

void describe_pxe(const PxePlace& place, pxe::BangPxe& bang_pxe, pxe::PxenvPlus& pxenv) {
    const std::uint16_t segment = place.segment, size = place.size;
    const pxe::SegmentDescriptor code{segment, segment * 16u, size}, nothing{segment, segment * 16u, 0};
    const pxe::SegmentDescriptor rest{place.rest_segment, place.rest_segment * 16u, place.rest_size};
    bang_pxe = {.signature = {'!', 'P', 'X', 'E'},
                .entry_16 = {place.entry, segment},
                .entry_32 = {place.entry, segment},
                .status_callout = {0xffff, 0xffff},  // none
                .segment_count = 7,
                .stack = code,
                .undi_data = rest,
                .undi_code = code,
                .undi_code_write = code,
                .base_data = nothing,
                .base_code = nothing,
                .base_code_write = nothing};
    finish(bang_pxe);
    pxenv = {.signature = {'P', 'X', 'E', 'N', 'V', '+'},
             .version = pxe::kVersion,
             .entry = {place.pxenv_entry, segment},
             .stack_segment = segment,
             .stack_size = size,
             .base_code_segment = segment,
             .base_data_segment = segment,
             .undi_data_segment = place.rest_segment,
             .undi_data_size = place.rest_size,
             .undi_code_segment = segment,
             .undi_code_size = size,
             .bang_pxe = {place.bang_pxe, segment}};
    finish(pxenv);
}

}  // namespace net
