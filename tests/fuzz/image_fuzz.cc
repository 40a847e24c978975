// Any bytes as an image, with two others beside it: whatever takes it plans only copies into RAM, none over another.
#include "scripts/images/format.h"
#include "tests/host/memory.h"

using namespace scripts;

namespace {

Image& add(ImageTable& images, std::string_view name, util::Bytes content) {
    MemoryGap gap = find_gap(images.images(), content.size());
    if (gap.size < content.size()) __builtin_trap();
    if (!content.empty()) std::memcpy(platform::memory_at(gap.base), content.data(), content.size());
    return *images.add(name, "", {gap.base, static_cast<std::uint32_t>(content.size())}).take();
}

void check(const BootPlan& plan) {
    auto blocks = plan.blocks.span();
    for (std::size_t i = 0; i < blocks.size(); ++i) {
        const BootBlock& block = blocks[i];
        bool is_ram = false;
        for (const auto& range : platform::memory_map())
            is_ram |= range.type == platform::kRam && block.target >= range.base && block.target + std::uint64_t{block.size} <= range.end();
        if (!is_ram || block.source.size() > block.size) __builtin_trap();
        // Nothing that is copied later comes from here; and all that stays is in a place of its own.
        for (std::size_t j = i + 1; j < blocks.size(); ++j) {
            std::uint64_t from = platform::address_of(blocks[j].source.data()), to = from + blocks[j].source.size();
            bool is_copy_of_this = blocks[j].source.data() == platform::memory_at(block.target);
            if (!is_copy_of_this && from < block.target + std::uint64_t{block.size} && block.target < to) __builtin_trap();
        }
    }
    for (util::Bytes source : {blocks.empty() ? util::Bytes() : blocks[0].source}) {
        volatile std::byte sink{};
        for (std::byte byte : source) sink = byte;
        (void)sink;
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    static constexpr std::string_view kArguments[] = {"", "quiet vga=ask mem=20M", "mem=3g", "/a/b/c mode=755 mkdir=2 x", "  / mode=9 mkdir=-1"};
    if (size == 0) return 0;
    util::Bytes input = std::as_bytes(std::span(data, size)).subspan(1);
    util::Loop loop;
    ImageTable images;
    Image& image = add(images, "image", input);
    (void)image.set_arguments(kArguments[data[0] % std::size(kArguments)]);
    Image& one = add(images, "one", input.first(input.size() / 2));
    (void)one.set_arguments(kArguments[data[0] / 8 % std::size(kArguments)]);
    add(images, "two", input.first(input.size() / 3));
    (void)likeness(image.bytes());
    for (const ImageFormat& format : image_formats()) {
        if (!format.probe(image.bytes())) continue;
        BootPlan plan;
        util::Text<80> detail;
        if (format.plan && format.plan({image, image.bytes(), image.arguments(), images, 0x80}, plan).ok()) check(plan);
        if (format.extract) (void)format.extract(loop, images, image, "unpacked", detail);
    }
    return 0;
}
