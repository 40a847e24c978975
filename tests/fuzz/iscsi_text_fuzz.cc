// Text keys, binary and numerical values, URIs, LUNs, target addresses and SCSI answers from outside.
#include <cstdlib>
#include <string>

#include "san/iscsi_parameters.h"
#include "san/iscsi_uri.h"
#include "san/scsi_commands.h"
#include "san/scsi_sense.h"

static void check(bool right) {
    if (!right) std::abort();
}

static void fuzz_keys(std::string_view text) {
    san::TextKeyReader reader(text);
    san::SessionParameters parameters;
    san::TextKeyWriter reply;
    std::byte buffer[1024];
    for (san::TextKey key; reader.next(key);) {
        check(!key.name.empty() && key.name.size() < 64);
        if (auto bytes = san::decode_binary(key.value, buffer)) check(bytes->size() <= sizeof buffer);
        (void)san::decode_number(key.value);
        (void)san::negotiate_parameter(key, san::Offered::Yes, parameters, reply);
        (void)san::negotiate_parameter(key, san::Offered::No, parameters, reply);
        check(parameters.max_recv_data_segment_length >= 512 && parameters.max_burst_length >= 512);
        check(parameters.first_burst_length <= 262144);
    }
    // What we answer must itself be well-formed.
    san::TextKeyReader again(reply.text());
    for (san::TextKey key; again.next(key);) {
    }
    check(again.ok());
}

static void fuzz_names(std::string_view text) {
    if (auto uri = san::parse_iscsi_uri(text); uri.ok()) {
        check(uri.value().port != 0 && !uri.value().server.view().empty());
        auto lun = san::parse_lun(san::to_text(uri.value().lun).view());
        check(lun.ok() && lun.value() == uri.value().lun);
    }
    (void)san::parse_target_address(text);
    (void)san::parse_lun(text);
}

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* bytes, size_t size) {
    std::string_view text(reinterpret_cast<const char*>(bytes), size);
    fuzz_keys(text);
    fuzz_names(text);
    fuzz_names("iscsi:" + std::string(text));
    util::Bytes data = util::as_bytes(text);
    (void)san::parse_sense(data);
    (void)san::parse_inquiry(data);
    (void)san::parse_capacity_10(data);
    (void)san::parse_capacity_16(data);
    (void)san::parse_write_protect(data);
    (void)san::identity_of_page(0x83, data);
    (void)san::identity_of_page(0x80, data);
    return 0;
}
