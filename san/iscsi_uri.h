// iSCSI URIs: iscsi:<server>:<protocol>:<port>:<LUN>:<target> (RFC 4173 section 5, and what people write).
#pragma once

#include <string_view>

#include "san/iscsi_pdu.h"
#include "util/result.h"
#include "util/text.h"

namespace san {

// RFC 7143 section 4.2.7.1: at most 223 bytes.
inline constexpr std::size_t kLongestIscsiName = 223;
using IscsiName = util::Text<kLongestIscsiName>;

struct IscsiUri {
    util::Text<255> server;  // a name, or an address; IPv6 without its brackets
    bool is_ipv6 = false;
    std::uint16_t port = kIscsiPort;
    ScsiLun lun;
    IscsiName target;
};

// Whether the text is meant as one (by its scheme).
bool is_iscsi_uri(std::string_view text);

// Failures: those of "URIs and names" in san/iscsi_failures.h. An IPv6 server is no failure yet.
util::Result<IscsiUri> parse_iscsi_uri(std::string_view text);

// LUN text: hexadecimal, up to four dash-separated groups of up to 4 digits.
util::Result<ScsiLun> parse_lun(std::string_view text);
// The shortest text that parse_lun reads back.
util::Text<19> to_text(const ScsiLun& lun);

// RFC 7143 section 4.2.7: iqn., eui. or naa. names of at most 223 bytes, no spaces or control characters.
util::Result<void> check_iscsi_name(std::string_view name);

// "server[:port][,group]" as in TargetAddress (RFC 7143 section 13.8); the server may be [v6].
struct IscsiPortal {
    std::string_view server;
    bool is_ipv6 = false;
    std::uint16_t port = kIscsiPort;
};
util::Result<IscsiPortal> parse_target_address(std::string_view text);

}  // namespace san
