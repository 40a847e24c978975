#include "scripts/images/starting.h"

#include <platform/boot.h>

#include "scripts/booting.h"
#include "scripts/system.h"

namespace scripts {

using namespace std::string_view_literals;

static void print_detail(std::string_view detail) {
    if (!detail.empty()) util::print("  %v\n", &detail);
}

util::Result<void> start_planned(System& system, Image& image, const ImageFormat& format, Nic* nic, RunPlan* run) {
    ImageUse use(system.images, image);
    BootPlan plan;
    auto drive = static_cast<std::uint8_t>(system.settings.number("san-drive"sv, san::DriveTable::kFirstDrive));
    auto planned = format.plan({image, image.bytes(), image.arguments(), system.images, drive}, plan);
    print_detail(plan.detail.view());
    TRY(planned);
    QuietNics quiet(system, nic);
    auto result = nic ? run(system, *nic, image, plan) : platform::boot(plan);
    system.images.free_ram();
    return result;
}

util::Result<void> start_program(System& system, Image& image, const ImageFormat& format) {
    return start_planned(system, image, format, nullptr, nullptr);
}

util::Result<Image*> extract_image(System& system, Image& packed, std::string_view name, KeepPacked keep) {
    constexpr std::string_view kSuffix = ".gz";
    const ImageFormat* format = find_format(packed.bytes());
    if (!format || !format->extract) return kNotPacked;
    if (name.empty()) name = packed.name();
    if (name.ends_with(kSuffix)) name.remove_suffix(kSuffix.size());
    bool replaces = name == packed.name(), selected = system.images.selected() == &packed, autofree = packed.frees_after_use();
    bool is_trusted = packed.is_trusted();
    util::String own_name = TRY(util::String::from(name)), arguments = TRY(util::String::from(packed.arguments()));
    util::Text<80> detail;
    auto extracted = format->extract(system.loop, system.images, packed, own_name, detail);
    print_detail(detail.view());
    Image* image = TRY(std::move(extracted));
    if (!replaces && keep == KeepPacked::No) system.images.free(packed);
    TRY(image->set_arguments(arguments));
    if (selected) system.images.select(*image);
    if (autofree) image->free_after_use();
    image->set_trusted(is_trusted);
    return image;
}

util::Result<void> check_can_start(Image& image) {
    if (find_format(image.bytes())) return {};
    print_detail(why_unknown(image.bytes()));
    return kUnknownImage;
}

util::Result<void> start_script(System& system, Image& image, const ImageFormat&) { return system.engine.run_script(image); }

// Files are packed once, or twice by mistake. There are such that unpack to themselves.
util::Result<void> start_packed(System& system, Image& image, const ImageFormat&) {
    constexpr unsigned kMostLayers = 4;
    Image* content = &image;
    for (unsigned layer = 0; layer < kMostLayers; ++layer) {
        content = TRY(extract_image(system, *content, {}, KeepPacked::No));
        const ImageFormat* format = find_format(content->bytes());
        if (!format || !format->extract) return start_image(system, *content);
    }
    return kPackedTooOften;
}

util::Result<void> start_image(System& system, Image& image) {
    TRY(check_can_start(image));
    const ImageFormat& format = *find_format(image.bytes());
    return format.start(system, image, format);
}

}  // namespace scripts
