#include "scripts/settings/setting_table.h"

#include "embed/select_rows.h"

namespace scripts {

namespace {

using enum SettingType;
using enum SettingHome;

// clang-format off
constexpr NamedSetting kSettings[] = {
    {"asset",            "3.8.0",   String,   Smbios,    "Asset tag"},
    {"board-serial",     "2.7.0",   String,   Smbios,    "Serial number of the main board"},
    {"buildarch",        "",        String,   Builtin,   "Processor architecture this firmware is built for"},
    {"busid",            "",        Hex,      Interface, "Bus type, vendor and device of the NIC"},
    {"busloc",           "",        Uint32,   Interface, "Bus location of the NIC"},
    {"bustype",          "",        String,   Interface, "Bus type of the NIC"},
    {"chip",             "",        String,   Interface, "Chip of the NIC"},
    {"dhcp-server",      "54",      Ipv4,     Any,       "DHCP server"},
    {"dns",              "6",       Ipv4,     Any,       "DNS server"},
    {"domain",           "15",      String,   Any,       "DNS domain"},
    {"driver",           "",        String,   Interface, "Driver of the NIC; set: the one to use (native, undi)"},
    {"errno",            "",        Uint32,   Builtin,   "Code of the last failure"},
    {"error",            "",        String,   Builtin,   "Text of the last failure"},
    {"filename",         "67",      String,   Any,       "Boot file name"},
    {"gateway",          "3",       Ipv4,     Any,       "Default gateway"},
    {"hostname",         "12",      String,   Any,       "Host name"},
    {"ifname",           "",        String,   Interface, "Interface name"},
    {"initiator-iqn",    "203",     String,   Any,       "iSCSI initiator name"},
    {"ip",               "50",      Ipv4,     Any,       "IP address"},
    {"keep-san",         "175.8",   Int8,     Any,       "Keep SAN drives when leaving"},
    {"mac",              "",        Hex,      Interface, "MAC address"},
    {"manufacturer",     "1.4.0",   String,   Smbios,    "Manufacturer of the machine"},
    {"memsize",          "",        Int32,    Builtin,   "Installed memory in MiB"},
    {"mtu",              "26",      Uint16,   Any,       "Largest IP packet"},
    {"netmask",          "1",       Ipv4,     Any,       "Subnet mask"},
    {"next-server",      "",        Ipv4,     Any,       "TFTP server"},
    {"no-pxedhcp",       "175.176", Uint8,    Any,       "Do not wait for a proxyDHCP server"},
    {"ntp-server",       "42",      Ipv4,     Any,       "NTP server"},
    {"password",         "175.191", String,   Any,       "Password"},
    {"platform",         "",        String,   Builtin,   "Firmware platform"},
    {"priority",         "175.1",   Int8,     Any,       "Priority of these settings"},
    {"product",          "1.5.0",   String,   Smbios,    "Product name of the machine"},
    {"reverse-password", "175.193", String,   Any,       "Password that the target must know"},
    {"reverse-username", "175.192", String,   Any,       "User name of the target"},
    {"root-path",        "17",      String,   Any,       "SAN root path"},
    {"san-drive",        "175.189", Uint8,    Any,       "BIOS drive number of the SAN drive"},
    {"san-filename",     "175.188", String,   Any,       "File to boot on the SAN drive"},
    {"serial",           "1.7.0",   String,   Smbios,    "Serial number of the machine"},
    {"skip-san-boot",    "175.9",   Int8,     Any,       "Attach the SAN drive, but do not boot from it"},
    {"syslog",           "7",       Ipv4,     Any,       "Syslog server"},
    {"use-cached",       "175.178", Uint8,    Any,       "Use the lease that the PXE ROM had got, without asking again"},
    {"user-class",       "77",      String,   Any,       "DHCP user class"},
    {"username",         "175.190", String,   Any,       "User name"},
    {"uuid",             "1.8.16",  Uuid,     Smbios,    "UUID of the machine"},
    {"vendor-class",     "60",      String,   Any,       "DHCP vendor class"},
    {"version",          "",        String,   Builtin,   "Version of this firmware"},
    {"vlan-tag",         "",        Int32,    Interface, "VLAN of the interface"},
};
// clang-format on

constexpr bool is_sorted() {
    for (std::size_t i = 1; i < std::size(kSettings); ++i)
        if (std::string_view(kSettings[i - 1].name) >= kSettings[i].name) return false;
    return true;
}
static_assert(is_sorted());

// Settings that nothing asks for without a feature. Scripts may use them all the same, as any name.
constexpr embed::Belongs kOptional[] = {{"no-pxedhcp", "pxemenu"}, {"vlan-tag", "vlan"}};
constexpr auto kSelected = embed::select_rows<kSettings, kOptional>();

}  // namespace

std::span<const NamedSetting> named_settings() {
    return kSelected;
}

const NamedSetting* find_named_setting(std::string_view name) {
    for (const NamedSetting& setting : kSelected) {
        if (name == setting.name) return &setting;
        if (setting.home == SettingHome::Any && !name.empty() && name == setting.number) return &setting;
    }
    return nullptr;
}

}  // namespace scripts
