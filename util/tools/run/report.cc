#include "util/tools/run/report.h"

#include <algorithm>
#include <cstdio>
#include <string>
#include <vector>

#include "san/iscsi_uri.h"
#include "scripts/images/format.h"
#include "scripts/system.h"

namespace run {

namespace {

using scripts::Image;

std::string text(std::string_view view) { return std::string(view); }

std::string readable_size(std::uint64_t bytes) {
    char buffer[48];
    if (bytes < 10 << 20)
        std::snprintf(buffer, sizeof buffer, "%llu bytes", static_cast<unsigned long long>(bytes));
    else
        std::snprintf(buffer, sizeof buffer, "%llu MiB", static_cast<unsigned long long>(bytes >> 20));
    return buffer;
}

// Linux' own version, which its setup header points to (boot.rst).
std::string kernel_version(util::Bytes content) {
    constexpr std::size_t kPointer = 0x20e, kBias = 0x200, kLongest = 80;
    if (content.size() < kPointer + 2) return {};
    std::size_t at = kBias + (std::to_integer<unsigned>(content[kPointer]) | std::to_integer<unsigned>(content[kPointer + 1]) << 8);
    if (at == kBias || at >= content.size()) return {};
    std::string_view version = util::as_text(content.subspan(at, std::min(kLongest, content.size() - at)));
    return text(version.substr(0, std::min(version.find('\0'), version.find(' '))));
}

// The one that is being started: the last that ran and is no script.
Image* started(scripts::ImageTable& images) {
    Image* found = nullptr;
    for (Image& image : images.images())
        if (image.was_run() && !scripts::is_script(image.content())) found = &image;
    return found;
}

void print_block(const char* name, const std::string& value) { std::printf("  %-13s %s\n", name, value.c_str()); }

void print_entry(const scripts::BootPlan& plan) {
    char where[48];
    if (plan.entry == scripts::BootPlan::Entry::Protected)
        std::snprintf(where, sizeof where, "32-bit, at %08x", plan.eip);
    else
        std::snprintf(where, sizeof where, "16-bit, at %04x:%04x", plan.cs, plan.ip);
    print_block("entry", where);
    if (!plan.detail.view().empty()) print_block("note", text(plan.detail.view()));
}

// What a boot sector is, as far as its first 512 bytes tell.
std::string describe_sector(util::Bytes sector) {
    if (std::ranges::all_of(sector, [](std::byte b) { return b == std::byte{}; })) return "empty: nothing would boot";
    if (sector[510] != std::byte{0x55} || sector[511] != std::byte{0xaa}) return "without the mark 55 AA: a BIOS would not start it";
    std::string_view content = util::as_text(sector);
    static constexpr struct {
        const char* mark;
        const char* name;
    } kKnown[] = {{"GRUB", "GRUB"},         {"NTFS", "NTFS"}, {"BOOTMGR", "Windows"},
                  {"isolinux", "ISOLINUX"}, {"SYSLINUX", "SYSLINUX"}, {"FAT", "FAT"}};
    std::string kind = "a boot sector";
    auto known = std::ranges::find_if(kKnown, [&](const auto& row) { return content.find(row.mark) != content.npos; });
    if (known != std::end(kKnown)) kind += std::string(" (") + known->name + ")";
    constexpr std::size_t kTable = 446, kEntry = 16;
    int active = 0;
    for (std::size_t i = 0; i < 4; ++i) active += sector[kTable + i * kEntry] == std::byte{0x80};
    if (active == 1) kind += ", one partition is active";
    return kind;
}

void print_drive(scripts::System& system, std::uint8_t number) {
    san::Drive* drive = system.parts.drives.find(number);
    if (!drive) return print_block("drive", "the machine's own: no SAN drive has this number");
    for (const auto& hooked : system.san.hooked())
        if (hooked.number == number && hooked.iscsi) {
            const san::IscsiUri& uri = hooked.iscsi->config().uri;
            print_block("target", text(uri.target.view()));
            print_block("portal", text(uri.server.view()) + ":" + std::to_string(uri.port));
            print_block("LUN", text(san::to_text(uri.lun).view()));
        }
    const auto& geometry = drive->block_geometry();
    print_block("size", readable_size(geometry.blocks * geometry.block_size) + ", blocks of " + std::to_string(geometry.block_size) +
                            (geometry.is_cdrom ? ", CD" : "") + (geometry.read_only ? ", read-only" : ""));
}

}  // namespace

void report_boot(scripts::System& system, const scripts::BootPlan& plan) {
    Image* image = started(system.images);
    if (!image) {
        std::printf("\nWould boot from a CD:\n");
        auto number = static_cast<std::uint8_t>(plan.edx);
        print_drive(system, number);
        return print_entry(plan);
    }
    const scripts::ImageFormat* format = scripts::find_format(image->bytes());
    std::printf("\nWould start %s:\n", text(image->name()).c_str());
    std::string version = format && std::string_view(format->name) == "bzImage" ? kernel_version(image->bytes()) : "";
    print_block("is", text(format ? format->name : "?") + (version.empty() ? "" : " " + version) + ", " + readable_size(image->bytes().size()));
    print_block("from", text(image->uri()));
    print_block("command line", text(image->arguments()));
    scripts::BootRequest request{*image, image->bytes(), image->arguments(), system.images, san::DriveTable::kFirstDrive};
    for (Image* next = request.next_companion(nullptr); next; next = request.next_companion(next))
        print_block("goes along", text(next->name()) + ", " + readable_size(next->bytes().size()) +
                                      (next->arguments().empty() ? "" : ", as " + text(next->arguments())));
    print_entry(plan);
    report_left_drives(system);
}

void report_drive(scripts::System& system, std::uint8_t number) {
    std::printf("\nWould boot from BIOS drive 0x%02x:\n", number);
    print_drive(system, number);
    san::Drive* drive = system.parts.drives.find(number);
    if (!drive) return;
    std::vector<std::byte> block(std::max<std::size_t>(drive->block_geometry().block_size, 512));
    auto read = drive->read(0, block);
    print_block("boot sector", read.ok() ? describe_sector(util::Bytes(block).first(512)) : std::string("cannot be read: ") + read.failure->text);
}

void report_left_drives(scripts::System& system) {
    for (const auto& drive : system.parts.drives.drives()) {
        std::printf("\nDrive 0x%02x stays:\n", drive->number());
        print_drive(system, drive->number());
    }
}

}  // namespace run
