// What option 43 says to PXE clients (PXE 2.1, section 2.2, table 2-1; RFC 4578 leaves it to that): which boot servers there are, how
// they are found, and the menu that they are chosen from. From outside: every length is looked at.
#pragma once

#include "net/wire/dhcp.h"

namespace net {

// Options inside of option 43.
namespace pxe_option {
inline constexpr std::uint8_t kDiscoveryControl = 6;
inline constexpr std::uint8_t kMulticastAddress = 7;
inline constexpr std::uint8_t kBootServers = 8;
inline constexpr std::uint8_t kBootMenu = 9;
inline constexpr std::uint8_t kMenuPrompt = 10;
inline constexpr std::uint8_t kBootItem = 71;
}  // namespace pxe_option

// Where PXE services listen, besides the DHCP server's port for broadcasts.
inline constexpr std::uint16_t kPxeServicePort = 4011;
inline constexpr std::string_view kPxeClient = "PXEClient";

// A kind of boot server.
struct PxeBootItem {
    static constexpr std::uint16_t kLocalBoot = 0;  // no server: the machine's own disk
    util::Be16 type;
    util::Be16 layer;
};
static_assert(sizeof(PxeBootItem) == 4 && util::WireStruct<PxeBootItem>);

// Takes the boot servers of one type after the other: type, count, addresses.
class PxeServerWalker {
  public:
    explicit PxeServerWalker(util::Bytes list) : reader_(list) {}
    bool next();
    std::uint16_t type() const { return type_; }
    // None: any server of this type may answer.
    std::size_t count() const { return addresses_.size() / sizeof(Ipv4Address); }
    Ipv4Address address(std::size_t index) const;

  private:
    util::Reader reader_;
    std::uint16_t type_ = 0;
    util::Bytes addresses_;
};

// Takes the menu's lines: type of boot server, text.
class PxeMenuWalker {
  public:
    explicit PxeMenuWalker(util::Bytes menu) : reader_(menu) {}
    bool next();
    std::uint16_t type() const { return type_; }
    std::string_view text() const { return text_; }

  private:
    util::Reader reader_;
    std::uint16_t type_ = 0;
    std::string_view text_;
};

// Views into the message that it was read from.
struct PxeOptions {
    static constexpr std::uint8_t kNoBroadcast = 1, kNoMulticast = 2, kListedOnly = 4, kFileAtOnce = 8;
    static constexpr std::uint8_t kWaitForEver = 255;

    bool any = false;  // any of these is there
    std::uint8_t control = 0;
    Ipv4Address multicast;  // unspecified: none
    util::Bytes servers, menu;
    bool has_prompt = false;
    std::uint8_t timeout = kWaitForEver;  // seconds until the first line is chosen
    std::string_view prompt;
    std::optional<PxeBootItem> item;

    bool has_menu() const { return PxeMenuWalker(menu).next(); }
    // Whether an answer of this server counts, for this type of boot server.
    bool accepts(std::uint16_t type, Ipv4Address server) const;
};

// Without the vendor class "PXEClient" option 43 is somebody else's: nothing is found then.
PxeOptions read_pxe_options(const DhcpMessage& message);

}  // namespace net
