// Features: what an image may do besides starting a SAN disk. They are chosen for each image, as its drivers are
// (`make bin/<what>+<features>.<format>`); a feature is rows of tables: commands, URI schemes, image formats. Pure
// data; `make list` prints it.
#pragma once

#include <algorithm>
#include <string_view>

namespace embed {

struct Feature {
    std::string_view name;
    std::string_view help;
};

// Sorted by name.
inline constexpr Feature kFeatures[] = {
    {"autoexec", "the script autoexec.ipxe on the disk that was booted from, or beside the program that PXE has loaded"},
    {"cd", "booting from CDs, by iSCSI or HTTP"},
    {"config", "browsing and editing settings on a full screen"},
    {"graphics", "a console with any colours and a picture behind the text"},
    {"gzip", "images packed by gzip"},
    {"hashes", "md5sum, sha256sum and their like"},
    {"http", "fetching by HTTP, and drives by HTTP"},
    {"https", "HTTPS and certificates, where there is HTTP; signed images"},
    {"linux", "Linux kernels and their initrds"},
    {"loader", "script and commands from a boot loader (.lkrn)"},
    {"menus", "menus and forms"},
    {"multiboot", "Multiboot and ELF kernels"},
    {"multipath", "drives that are reached by several paths"},
    {"pxe", "network boot programs and boot sectors"},
    {"pxemenu", "PXE menus and boot servers, and proxyDHCP servers that have to be asked"},
    {"settings", "rare settings, scopes of settings and types; help for settings and options"},
    {"syslog", "console lines sent to a syslog server"},
    {"tools", "ping, nslookup, ntp, nstat, ipstat, pciscan, cpuid, time, imgmem; completion of all arguments"},
    {"vlan", "VLANs"},
    {"words", "arithmetic, text, JSON, loops and routines in scripts"},
};
static_assert(std::ranges::is_sorted(kFeatures, {}, &Feature::name));

// SANPIPER_FEATURES: names joined by "--"; "all"; "most", which is all that an option ROM has room for: 127.5 KiB, as its size is a byte; or "san",
// which is none of them.
constexpr bool has_feature(std::string_view selection, std::string_view name) {
    if (selection == "all" || name.empty()) return true;
    if (selection == "most") return name != "https";
    while (!selection.empty()) {
        std::size_t end = selection.find("--");
        if (selection.substr(0, end) == name) return true;
        selection = end == selection.npos ? std::string_view() : selection.substr(end + 2);
    }
    return false;
}

constexpr bool is_feature_selection(std::string_view selection) {
    std::size_t known = 0, terms = 1;
    for (std::size_t at = 0; (at = selection.find("--", at)) != selection.npos; at += 2) ++terms;
    for (const Feature& feature : kFeatures)
        known += selection != "all" && selection != "most" && has_feature(selection, feature.name);
    return selection == "all" || selection == "most" || selection == "san" || known == terms;
}

}  // namespace embed
