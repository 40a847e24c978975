// What Multiboot 1 and 2 have in common: modules, the memory's size, and loading by the header's addresses.
#pragma once

#include "scripts/images/elf.h"
#include "scripts/images/formats.h"

namespace scripts {

inline constexpr util::Failure kBadMultiboot{util::code::kScript + 87, "the Multiboot header contradicts the file"};
inline constexpr util::Failure kMultibootWish{util::code::kScript + 88, "the kernel insists on something that is not offered here"};

inline constexpr std::string_view kLoaderName = "Sanpiper";

struct MultibootModule {
    std::uint32_t start, end;
    Image* image;
};

class Multiboot {
  public:
    Multiboot(const BootRequest& request, BootPlan& plan) : request(request), plan(plan), layout(plan) {}

    // By the addresses that a header has: `header_at` is where it is in the file. Zero for end: all of the file; for bss: none.
    struct Addresses {
        util::Le32 header, load, load_end, bss_end;
    };
    static constexpr std::uint32_t kFromTheBeginning = UINT32_MAX;  // for load: of the file
    util::Result<void> load_by_addresses(const Addresses& addresses, std::size_t header_at);
    // As an ELF file, 32 or 64 bits; sets plan.eip, and keeps the section headers.
    util::Result<void> load_elf();
    // Sets plan.eip. What it leads to must have been loaded already. Failure: kBadMultiboot.
    util::Result<void> enter_at(std::uint32_t address);
    // The other images, on pages, in order, as high as there is room.
    util::Result<void> place_modules();

    // What a command line begins with: the program's name, as kernels expect it.
    static std::size_t command_line_size(const Image& image) {
        return image.name().size() + 1 + image.arguments().size() + 1;
    }
    static void write_command_line(util::Writer& writer, const Image& image);
    // KiB from 1 MiB on to the first hole.
    static std::uint32_t upper_memory();

    const BootRequest& request;
    BootPlan& plan;
    Layout layout;
    util::Vector<MultibootModule> modules;
    Elf::Sections sections;
};

}  // namespace scripts
