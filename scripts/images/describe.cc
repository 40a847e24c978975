// What an image seems to be that no format takes.
#include <algorithm>

#include "scripts/images/format.h"

namespace scripts {

namespace {

struct Likeness {
    std::uint32_t offset;
    std::string_view bytes;
    std::string_view text;
};

using namespace std::literals;

constexpr Likeness kLikenesses[] = {
    {0x8001, "CD001"sv, "it is an ISO image: use sanboot, or memdisk"sv},
    {0, "MZ"sv, "it is a program for EFI or Windows, and this is a BIOS machine"sv},
    {0, "\x7f" "ELF"sv, "it is an ELF file, but neither for 32 bits nor with a Multiboot header"sv},
    {0, "070701"sv, "it is a cpio archive: use initrd"sv},
    {0, "\xfd" "7zXZ"sv, "it is packed with xz"sv},
    {0, "\x28\xb5\x2f\xfd"sv, "it is packed with zstd"sv},
    {0, "PK\3\4"sv, "it is a zip file"sv},
    {0, "MSWIM"sv, "it is a Windows image: it needs wimboot"sv},
    {0, "\x89" "PNG"sv, "it is a picture"sv},
    {0, "\xb8\xff\x4c\xcd\x21"sv, "it is a SYSLINUX module: it needs PXELINUX"sv},
    {510, "\x55\xaa"sv, "it is a disk image: use sanboot, or memdisk"sv},
};

// From where it is loaded to where base memory ends at most.
constexpr std::size_t kLargestBootProgram = 0xa0000 - 0x7c00;

// A page that a web server sent instead, a forgotten "#!ipxe": nothing to jump to.
bool is_text(std::string_view content) {
    constexpr std::size_t kEnough = 256;
    content = content.substr(0, kEnough);
    return std::all_of(content.begin(), content.end(), [](char c) { return (c >= ' ' && c <= '~') || (c >= '\t' && c <= '\r'); });
}

}  // namespace

std::string_view likeness(util::Bytes bytes) {
    std::string_view content = util::as_text(bytes);
    if (content.empty()) return "it is empty";
    for (const Likeness& likeness : kLikenesses)
        if (content.size() > likeness.offset && content.substr(likeness.offset).starts_with(likeness.bytes)) return likeness.text;
    if (!is_text(content)) return content.size() < kLargestBootProgram ? "" : "it has no mark, and is too large for a network boot program";
    std::size_t first = content.find_first_not_of(" \t\r\n");
    return first != content.npos && content[first] == '<' ? "it is an HTML page"
                                                          : "it is a text, and does not begin with #!ipxe";
}

}  // namespace scripts
