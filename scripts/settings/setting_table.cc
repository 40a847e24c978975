#include "scripts/settings/setting_table.h"

#include "embed/select_rows.h"
#include "scripts/settings/live_settings.h"

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
    {"cert",             "175.91",  Hex,      Any,       "Client certificate for HTTPS"},
    {"chip",             "",        String,   Interface, "Chip of the NIC"},
    {"client-id",        "61",      Hex,      Any,       "DHCP client identifier"},
    {"cpumodel",         "",        String,   Builtin,   "Model of the processor, as CPUID says", live_cpumodel},
    {"cpuvendor",        "",        String,   Builtin,   "Maker of the processor, as CPUID says", live_cpuvendor},
    {"crosscert",        "175.93",  String,   Any,       "Where certificates for HTTPS are fetched that ours lead to"},
    {"cwduri",           "",        String,   Builtin,   "Folder of the running script, as a URI", live_cwduri},
    {"cwuri",            "",        String,   Builtin,   "URI of the running script", live_cwuri},
    {"dhcp-server",      "54",      Ipv4,     Any,       "DHCP server"},
    {"dns",              "6",       Ipv4,     Any,       "DNS server"},
    {"domain",           "15",      String,   Any,       "DNS domain"},
    {"driver",           "",        String,   Interface, "Driver of the NIC; set: the one to use (native, undi)"},
    {"errno",            "",        Uint32,   Builtin,   "Code of the last failure"},
    {"error",            "",        String,   Builtin,   "Text of the last failure"},
    {"filename",         "67",      String,   Any,       "Boot file name"},
    {"gateway",          "3",       Ipv4,     Any,       "Default gateway"},
    {"hostname",         "12",      String,   Any,       "Host name"},
    {"hwaddr",           "",        Hex,      Interface, "MAC address that the NIC has by itself"},
    {"ifname",           "",        String,   Interface, "Interface name"},
    {"initiator-iqn",    "203",     String,   Any,       "iSCSI initiator name"},
    {"ip",               "50",      Ipv4,     Any,       "IP address"},
    {"keep-san",         "175.8",   Int8,     Any,       "Keep SAN drives when leaving"},
    {"linktype",         "",        String,   Interface, "Kind of network", live_linktype},
    {"mac",              "",        Hex,      Interface, "MAC address"},
    {"manufacturer",     "1.4.0",   String,   Smbios,    "Manufacturer of the machine"},
    {"memsize",          "",        Int32,    Builtin,   "Installed memory in MiB"},
    {"mtu",              "26",      Int16,    Any,       "Largest IP packet"},
    {"netmask",          "1",       Ipv4,     Any,       "Subnet mask"},
    {"next-server",      "",        Ipv4,     Any,       "TFTP server"},
    {"no-pxedhcp",       "175.176", Uint8,    Any,       "Do not wait for a proxyDHCP server"},
    {"ntp-server",       "42",      Ipv4,     Any,       "NTP server"},
    {"password",         "175.191", String,   Any,       "Password"},
    {"platform",         "",        String,   Builtin,   "Firmware platform"},
    {"priority",         "175.1",   Int8,     Any,       "Priority of these settings"},
    {"privkey",          "175.92",  Hex,      Any,       "Private key of the client certificate"},
    {"product",          "1.5.0",   String,   Smbios,    "Product name of the machine"},
    {"reverse-password", "175.193", String,   Any,       "Password that the target must know"},
    {"reverse-username", "175.192", String,   Any,       "User name of the target"},
    {"root-path",        "17",      String,   Any,       "SAN root path"},
    {"san-drive",        "175.189", Uint8,    Any,       "BIOS drive number of the SAN drive"},
    {"san-filename",     "175.188", String,   Any,       "File to boot on the SAN drive"},
    {"scriptlet",        "175.81",  String,   Any,       "Commands to run instead of booting"},
    {"serial",           "1.7.0",   String,   Smbios,    "Serial number of the machine"},
    {"skip-san-boot",    "175.9",   Int8,     Any,       "Attach the SAN drive, but do not boot from it"},
    {"syslog",           "7",       Ipv4,     Any,       "Syslog server"},
    {"trust",            "175.90",  Hex,      Any,       "Fingerprints of certificates to trust"},
    {"unixtime",         "",        Uint32,   Builtin,   "Seconds since 1970, from the clock chip or NTP", live_unixtime},
    {"use-cached",       "175.178", Uint8,    Any,       "Use the lease that the PXE ROM had got, without asking again"},
    {"user-class",       "77",      String,   Any,       "DHCP user class"},
    {"username",         "175.190", String,   Any,       "User name"},
    {"uuid",             "1.8.16",  Uuid,     Smbios,    "UUID of the machine"},
    {"vendor-class",     "60",      String,   Any,       "DHCP vendor class"},
    {"version",          "",        String,   Builtin,   "Version of this firmware"},
    {"vlan-tag",         "",        Int32,    Interface, "VLAN of the interface"},
    {"vram",             "",        Base64,   Builtin,   "What is on the text screen, with its colours", live_vram},
};
// clang-format on

constexpr bool is_sorted() {
    for (std::size_t i = 1; i < std::size(kSettings); ++i)
        if (std::string_view(kSettings[i - 1].name) >= kSettings[i].name) return false;
    return true;
}
static_assert(is_sorted());

// Settings that are part of a feature. Without it, their names are as good as any other, but nothing is behind them.
constexpr embed::Belongs kOptional[] = {
    {"cert", "settings"}, {"client-id", "settings"}, {"cpumodel", "settings"}, {"cpuvendor", "settings"},
    {"crosscert", "settings"}, {"cwduri", "settings"}, {"cwuri", "settings"}, {"hwaddr", "settings"}, {"linktype", "settings"},
    {"no-pxedhcp", "pxemenu"}, {"privkey", "settings"}, {"scriptlet", "settings"}, {"trust", "settings"},
    {"unixtime", "settings"}, {"vlan-tag", "vlan"}, {"vram", "settings"},
};

constexpr bool kRare = embed::has_feature(embed::kSelection, "settings");
constexpr auto kSelected = embed::without_help(embed::select_rows<kSettings, kOptional>());

}  // namespace

bool has_rare_settings() { return kRare; }

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
