// The iSCSI Boot Firmware Table: how the operating system learns what to log in to. A pure function from
// plain data to the table's bytes, and back for tests; whoever calls publishes it (platform::publish_ibft).
//
// Source: iSCSI Boot Firmware Table (iBFT) as defined in ACPI 3.0b, version 1.03, Microsoft and IBM. Section
// names in the code are its own. What readers make of it: Linux (iscsi_ibft) shows all structures that the
// control structure points at; Windows wants all NICs, in PCI order, the boot NIC flagged.
#pragma once

#include <array>
#include <span>
#include <string_view>

#include "net/address.h"
#include "util/result.h"

namespace san {

inline constexpr util::Failure kIbftTooLarge{util::code::kDisk + 16,
                                             "the iBFT does not fit in the memory set aside for it"};
inline constexpr util::Failure kIbftNothingToList{
    util::code::kDisk + 17, "no target that is logged in to can be described in an iBFT"};
inline constexpr util::Failure kIbftMalformed{util::code::kDisk + 18, "not a valid iBFT"};

// Where the address is from (NL_PREFIX_ORIGIN of Windows, as the specification has it).
// DHCP is written for leased addresses, as somebody must renew the lease; Debian's initramfs then asks anew.
enum class IbftOrigin : std::uint8_t {
    Other = 0,
    Manual = 1,
    WellKnown = 2,
    Dhcp = 3,
    RouterAdvertisement = 4
};

enum class IbftChap : std::uint8_t { None = 0, OneWay = 1, Mutual = 2 };

enum class IbftBoot : std::uint8_t { No, Yes };

struct IbftNic {
    net::MacAddress mac;
    std::uint16_t pci = 0;  // bus, device, function
    net::Ipv4Address address;
    std::uint8_t prefix_length = 0;
    IbftOrigin origin = IbftOrigin::Manual;
    net::Ipv4Address gateway;  // left out of the table when the NIC's targets are all on its own subnet
    net::Ipv4Address dns1, dns2;
    net::Ipv4Address dhcp_server;
    std::uint16_t vlan = 0;  // 0: none
    std::string_view host_name;
    IbftBoot boot = IbftBoot::No;  // the one that was booted from
};

struct IbftTarget {
    net::Ipv4Address address;
    std::uint16_t port = 3260;
    std::array<std::uint8_t, 8> lun{};  // as on the wire
    std::string_view name;
    std::size_t nic = 0;  // index in Ibft::nics
    // What the login used; secrets of a login without CHAP do not get into memory.
    IbftChap chap = IbftChap::None;
    std::string_view chap_name, chap_secret;
    std::string_view reverse_chap_name, reverse_chap_secret;
    IbftBoot boot = IbftBoot::No;
    bool logged_in = false;  // others are not listed
};

struct Ibft {
    std::string_view initiator_name;
    std::span<const IbftNic> nics;        // in any order
    std::span<const IbftTarget> targets;  // in the order in which they are wanted
};

// What a person should be told.
struct IbftWarnings {
    bool secret_length =
        false;  // a CHAP secret is not of 12 to 16 characters: Microsoft's initiator refuses it
    bool more_than_two = false;  // older readers see two NICs and two targets only
    bool any() const { return secret_length || more_than_two; }
};

inline constexpr std::size_t kIbftMostNics = 8;
inline constexpr std::size_t kIbftMostTargets = 8;

struct IbftTable {
    util::MutableBytes bytes;  // the part of the buffer that is used
    IbftWarnings warnings;
};
// Failures: kIbftTooLarge; kIbftNothingToList; util::kTooLong for too many NICs or targets; util::kInvalid
// for a target with no such NIC.
util::Result<IbftTable> build_ibft(const Ibft& ibft, util::MutableBytes buffer);

// The table as a reader sees it. Texts are views of its bytes.
struct IbftContents {
    std::string_view initiator_name;
    std::array<IbftNic, kIbftMostNics> nics;
    std::size_t nic_count = 0;
    std::array<IbftTarget, kIbftMostTargets> targets;
    std::size_t target_count = 0;
};
// Believes nothing: every length, offset, id and the checksum are looked at. Failure: kIbftMalformed.
util::Result<void> parse_ibft(util::Bytes table, IbftContents& contents);

}  // namespace san
