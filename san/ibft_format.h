// Structures of the iSCSI Boot Firmware Table 1.03. All numbers are little-endian; offsets count from the
// table's start.
#pragma once

#include <array>
#include <string_view>

#include "util/bytes.h"

namespace san::ibft {

using util::Le16;
using util::Le32;

inline constexpr std::string_view kSignature = "iBFT";
inline constexpr std::uint8_t kRevision = 1;
inline constexpr std::size_t kAlignment = 8;  // of structures

struct Header {  // an ACPI table's
    std::array<char, 4> signature;
    Le32 length;
    std::uint8_t revision;
    std::uint8_t checksum;  // all bytes add up to 0
    std::array<char, 6> oem_id;
    std::array<char, 8> oem_table_id;
    std::array<std::uint8_t, 24> reserved;
};
static_assert(sizeof(Header) == 48);

enum Id : std::uint8_t { kControl = 1, kInitiator = 2, kNic = 3, kTarget = 4, kExtensions = 5 };
enum Flag : std::uint8_t { kValid = 1 << 0, kBootSelected = 1 << 1, kGlobalAddress = 1 << 2 };

struct Structure {  // begins each
    std::uint8_t id;
    std::uint8_t version;
    Le16 length;
    std::uint8_t index;
    std::uint8_t flags;
    static constexpr std::uint8_t kVersion = 1;
};
static_assert(sizeof(Structure) == 6);

struct Control {
    Structure structure;
    Le16 extensions;
    Le16 initiator;
    Le16 nic0, target0, nic1, target1;
    // Then offsets of more structures, as the length says ("optional structure expansion").
};
static_assert(sizeof(Control) == 18);

using Address = std::array<std::uint8_t, 16>;  // IPv4 as ::ffff:a.b.c.d; all zero: none

struct Text {  // in the heap behind the structures, ended by a zero that is not counted
    Le16 length, offset;
};

struct Initiator {
    Structure structure;
    Address isns, slp, primary_radius, secondary_radius;
    Text name;
};
static_assert(sizeof(Initiator) == 74);

struct Nic {
    Structure structure;
    Address address;
    std::uint8_t prefix_length;
    std::uint8_t origin;
    Address gateway, dns1, dns2, dhcp;
    Le16 vlan;
    std::array<std::uint8_t, 6> mac;
    Le16 pci;
    Text host_name;
};
static_assert(sizeof(Nic) == 102);

struct Target {
    Structure structure;
    Address address;
    Le16 port;
    std::array<std::uint8_t, 8> lun;
    std::uint8_t chap;
    std::uint8_t nic;  // its index
    Text name;
    Text chap_name, chap_secret;
    Text reverse_chap_name, reverse_chap_secret;
};
static_assert(sizeof(Target) == 54);

}  // namespace san::ibft
