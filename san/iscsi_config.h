// What an iSCSI session is made with: names, secrets, wishes; and what it needs of the world around it.
#pragma once

#include "net/random.h"
#include "net/stream.h"
#include "san/iscsi_uri.h"
#include "util/loop.h"

namespace san {

enum class DigestWish : std::uint8_t { None, Crc32c };

struct ChapCredentials {
    util::Text<255> name;
    util::Text<255> secret;
    bool set() const { return !secret.view().empty(); }
};

// Initiator session id (RFC 7143 section 11.12.5): the same for the same drive, always, so that a lost session is
// replaced rather than joined by a second one.
using Isid = std::array<std::uint8_t, 6>;

// The OUI form (type 00b): 22 bits of the NIC's vendor, then its serial bytes with the drive's number worked in.
constexpr Isid isid_from_mac(const net::MacAddress& mac, std::uint8_t drive) {
    const auto& octets = mac.octets;
    return {static_cast<std::uint8_t>(octets[0] >> 2), octets[1], octets[2],
            static_cast<std::uint8_t>(octets[3] ^ drive), octets[4], octets[5]};
}

struct IscsiConfig {
    IscsiUri uri;
    IscsiName initiator_name;
    ChapCredentials chap;          // proves us to the target
    ChapCredentials reverse_chap;  // proves the target to us
    DigestWish header_digest = DigestWish::None;
    DigestWish data_digest = DigestWish::None;
    Isid isid{};
    // How long open() may take in all, passing troubles and waiting for a LUN to become ready included.
    util::Duration open_timeout = util::Duration::seconds(90);
    // How long a lost session is tried to be made anew before requests fail.
    util::Duration patience = util::Duration::seconds(300);
    // How long a SCSI command may take while the target otherwise answers.
    util::Duration task_timeout = util::Duration::seconds(60);
    // The longest login text in one PDU; smaller than what is allowed only to test the C bit.
    std::uint32_t login_segment = kDefaultSegmentLength;
};

// Names to addresses, polled. Asked anew at each reconnect, as addresses move.
class HostResolver {
  public:
    virtual ~HostResolver() = default;
    // Starts looking up a name (never an address), dropping what was asked before.
    virtual void resolve(std::string_view name) = 0;
    // Null while it goes on.
    virtual const util::Result<net::Ipv4Address>* answer() = 0;
};

// Must outlive the device.
struct IscsiContext {
    util::Loop& loop;
    net::Connector& connector;
    net::Random& random;
    HostResolver* resolver = nullptr;  // without one, only addresses work
};

}  // namespace san
