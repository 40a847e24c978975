// The table of image formats: every one there is, at a glance.
#include "embed/select_rows.h"
#include "scripts/https.h"
#include "scripts/images/formats.h"
#include "scripts/images/nbp.h"
#include "scripts/lexer.h"

namespace scripts {

namespace {

bool probe_script(util::Bytes content) { return is_script(util::as_text(content)); }

template <auto start>
util::Result<void> start_if_trusted(System& system, Image& image, const ImageFormat& format) {
    TRY(check_trust(system, image));
    return start(system, image, format);
}

// Images that can check signatures ask before anything is started.
template <auto start>
consteval auto guarded() {
    if constexpr (embed::has_feature(embed::kSelection, "https")) return start_if_trusted<start>;
    else return start;
}

constexpr ImageFormat program(const char* name, ProbeFunction* probe, PlanFunction* plan) {
    return {name, probe, guarded<start_program>(), plan};
}

constexpr ImageFormat kFormats[] = {
    {"script", probe_script, guarded<start_script>()},
    {"gzip", probe_gzip, guarded<start_packed>(), nullptr, extract_gzip},
    program("bzImage", probe_bzimage, plan_bzimage),
    program("Multiboot 2", probe_multiboot2, plan_multiboot2),
    program("Multiboot", probe_multiboot1, plan_multiboot1),
    program("ELF", probe_elf, plan_elf),
    program("boot sector", probe_boot_sector, plan_boot_program),
    {"NBP", probe_boot_program, guarded<start_nbp>(), plan_boot_program},
};

constexpr embed::Belongs kOptional[] = {
    {"gzip", "gzip"},      {"bzImage", "linux"},   {"Multiboot 2", "multiboot"}, {"Multiboot", "multiboot"},
    {"ELF", "multiboot"},  {"boot sector", "pxe"}, {"NBP", "pxe"},
};
constexpr auto kSelected = embed::select_rows<kFormats, kOptional>();

}  // namespace

std::span<const ImageFormat> image_formats() { return kSelected; }

std::string_view why_unknown(util::Bytes content) {
    if constexpr (std::size(kSelected) > 1) return likeness(content);
    return "it does not begin with #!ipxe, and this image runs nothing but scripts";
}

const ImageFormat* find_format(util::Bytes content) {
    for (const ImageFormat& format : kSelected)
        if (format.probe(content)) return &format;
    return nullptr;
}

Image* BootRequest::next_companion(Image* after) const {
    Image* next = after ? images.images().next(*after) : images.images().front();
    while (next && (next == &image || next->was_run())) next = images.images().next(*next);
    return next;
}

}  // namespace scripts
