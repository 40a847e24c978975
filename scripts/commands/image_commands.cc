// kernel (imgselect, imgload), chain (boot, imgexec), initrd (imgfetch, module), imgargs, imgextract, imgstat, imgfree, imgmem, imgset: the
// commands about images.
#include <platform/memory.h>

#include <algorithm>

#include "scripts/commands/table.h"
#include "scripts/fetching.h"
#include "scripts/images/starting.h"
#include "scripts/system.h"

namespace scripts {

namespace {

constexpr util::Failure kNoSuchImage{util::code::kScript + 56, "there is no image of that name"};
constexpr util::Failure kNoMemoryThere{util::code::kScript + 161, "there is no such memory, or it cannot be read"};
constexpr util::Failure kNothingSelected{util::code::kScript + 85, "no image is selected: name one, or use kernel first"};

// Arguments that are given replace the image's.
util::Result<Image*> with_arguments(Invocation& call, Image* image) {
    if (call.arguments.size() > 1) TRY(image->set_arguments(TRY(call.joined(1))));
    if (call.has("autofree")) image->free_after_use();
    return image;
}

util::Result<Image*> fetch(Invocation& call, std::string_view uri, std::string_view name) {
    call.about(uri);
    util::Duration limit;
    if (has_rare_settings()) limit = util::Duration::milliseconds(static_cast<std::int64_t>(std::min<std::uint64_t>(call.number("timeout", 0), UINT32_MAX)));
    return fetch_image_within(call.system, limit, uri, name);
}

util::Result<Image*> fetch(Invocation& call, std::string_view name) {
    return with_arguments(call, TRY(fetch(call, call.arguments[0], name)));
}

// The image of that name, or what the URI names; fetched under `name`.
util::Result<Image*> obtain(Invocation& call, std::string_view name) {
    call.about(call.arguments[0]);
    if (Image* image = call.system.images.find(call.arguments[0])) return with_arguments(call, image);
    return fetch(call, name);
}
util::Result<Image*> obtain(Invocation& call) { return obtain(call, call.text("name")); }

// What may be read without harm: base memory with the BIOS, and what the memory map lists above it.
bool is_memory(std::uint64_t address, std::uint64_t length) {
    constexpr std::uint64_t kHighMemory = 1 << 20;
    if (address + length <= kHighMemory) return true;
    for (const platform::MemoryRange& range : platform::memory_map())
        if (range.base <= address && address + length <= range.end()) return true;
    return false;
}

}  // namespace

util::Result<void> run_kernel(Invocation& call) {
    Image* image = TRY(obtain(call));
    TRY(check_can_start(*image));
    call.system.images.select(*image);
    return {};
}

util::Result<void> run_chain(Invocation& call) {
    Image* image = call.system.images.selected();
    if (!call.argument(0).empty()) image = TRY(obtain(call));
    if (!image) return kNothingSelected;
    call.about(image->name());
    Engine& engine = call.system.engine;
    if (call.has("replace") && engine.in_script() && is_script(image->content())) {
        return engine.replace_with(*image);
    }
    ImageUse use(call.system.images, *image);
    return start_image(call.system, *image);
}

util::Result<void> run_imgfetch(Invocation& call) {
    Image* image = TRY(fetch(call, call.text("name")));
    if (!call.has("mode")) return {};
    util::String text = TRY(util::String::from(image->arguments()));
    TRY(text.append(" mode="));
    TRY(text.append(call.text("mode")));
    return image->set_arguments(text);
}

util::Result<void> run_imgargs(Invocation& call) {
    Image* image = TRY(obtain(call));
    return image->set_arguments(TRY(call.joined(1)));
}

util::Result<void> run_imgextract(Invocation& call) {
    Image* image = TRY(obtain(call, {}));
    TRY(extract_image(call.system, *image, call.text("name"), call.has("keep") ? KeepPacked::Yes : KeepPacked::No));
    return {};
}

// Images without signatures have no word of it.
template <bool knows_trust>
static util::Result<void> list_images(Invocation& call) {
    ImageTable& images = call.system.images;
    for (Image& image : images.images()) {
        std::string_view name = image.name(), arguments = image.arguments();
        const ImageFormat* format = find_format(image.bytes());
        util::print("%v : %u bytes", &name, static_cast<unsigned>(image.content().size()));
        if (format) util::print(" [%s]", format->name);
        if (knows_trust && image.is_trusted()) util::print(" [TRUSTED]");
        if (images.selected() == &image) util::print(" [SELECTED]");
        if (!arguments.empty()) util::print(" \"%v\"", &arguments);
        util::print("\n");
    }
    return {};
}

util::Result<void> run_imgstat(Invocation& call) { return list_images<false>(call); }
util::Result<void> run_imgstat_with_trust(Invocation& call) { return list_images<true>(call); }

util::Result<void> run_imgfree(Invocation& call) {
    ImageTable& images = call.system.images;
    if (call.argument(0).empty()) {
        images.free_all();
        return {};
    }
    call.about(call.arguments[0]);
    Image* image = images.find(call.arguments[0]);
    if (!image) return kNoSuchImage;
    images.free(*image);
    return {};
}

util::Result<void> run_imgmem(Invocation& call) {
    std::uint64_t numbers[2];
    for (std::size_t i = 0; i < 2; ++i) {
        call.about(call.arguments[i]);
        auto number = util::parse_integer(call.arguments[i]);
        if (!number || *number > UINT32_MAX) return kNotNumber;
        numbers[i] = *number;
    }
    auto [address, length] = numbers;
    if (!is_memory(address, length)) return kNoMemoryThere;
    ImageTable& images = call.system.images;
    MemoryGap gap = find_gap(images.images(), length);
    if (gap.size < length) return kNoImageMemory;
    gap.size = static_cast<std::uint32_t>(length);
    if (gap.size) std::memmove(platform::memory_at(gap.base), platform::memory_at(static_cast<std::uint32_t>(address)), gap.size);
    std::string_view name = call.text("name");
    TRY(images.add(name.empty() ? call.arguments[0] : name, {}, gap));
    return {};
}

// What was fetched for it goes again; an image that was there stays.
util::Result<void> run_imgset(Invocation& call) {
    call.about(call.arguments[0]);
    auto reference = TRY(SettingReference::parse(call.arguments[0]));
    ImageTable& images = call.system.images;
    Image* image = images.find(call.arguments[1]);
    bool was_there = image != nullptr;
    if (!was_there) image = TRY(fetch(call, call.arguments[1], {}));
    auto status = call.system.settings.set_bytes(reference, reference.stored_type(), util::as_text(image->bytes()));
    if (!was_there && !call.has("keep")) images.free(*image);
    return status;
}

}  // namespace scripts
