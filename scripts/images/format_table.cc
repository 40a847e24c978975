// The table of image formats: every one there is, at a glance.
#include "scripts/images/formats.h"
#include "scripts/lexer.h"

namespace scripts {

namespace {

bool probe_script(util::Bytes content) { return is_script(util::as_text(content)); }

constexpr ImageFormat kFormats[] = {
    {"script", probe_script},
    {"gzip", probe_gzip, nullptr, extract_gzip},
    {"bzImage", probe_bzimage, plan_bzimage},
    {"Multiboot 2", probe_multiboot2, plan_multiboot2},
    {"Multiboot", probe_multiboot1, plan_multiboot1},
    {"ELF", probe_elf, plan_elf},
    {"boot sector", probe_boot_sector, plan_boot_program},
    {"NBP", probe_boot_program, plan_boot_program},
};

}  // namespace

std::span<const ImageFormat> image_formats() { return kFormats; }

const ImageFormat* find_format(util::Bytes content) {
    for (const ImageFormat& format : kFormats)
        if (format.probe(content)) return &format;
    return nullptr;
}

Image* BootRequest::next_companion(Image* after) const {
    Image* next = after ? images.images().next(*after) : images.images().front();
    while (next && (next == &image || next->was_run())) next = images.images().next(*next);
    return next;
}

}  // namespace scripts
