// Images in the host's RAM, and plans carried out there.
#pragma once

#include <gtest/gtest.h>

#include <cstring>
#include <string>

#include "scripts/images/format.h"
#include "tests/host/memory.h"

namespace scripts {

struct ImageFixture : testing::Test {
    ImageFixture() { host::memory() = {}; }

    // As if it had been fetched.
    Image& add(std::string_view name, const std::string& content, std::string_view arguments = {}) {
        MemoryGap gap = find_gap(images.images(), content.size());
        EXPECT_GE(gap.size, content.size());
        std::memcpy(platform::memory_at(gap.base), content.data(), content.size());
        Image* image = images.add(name, "", {gap.base, static_cast<std::uint32_t>(content.size())}).take();
        EXPECT_TRUE(image->set_arguments(arguments).ok());
        return *image;
    }
    util::Result<void> make_plan(Image& image) {
        plan.emplace();
        const ImageFormat* format = find_format(image.bytes());
        if (!format || !format->plan) return util::kNotFound;
        return format->plan({image, image.bytes(), image.arguments(), images, 0x80}, *plan);
    }
    // Does what the machine would do, and says that nothing goes where it must not.
    void carry_out() {
        for (const BootBlock& block : plan->blocks.span()) {
            ASSERT_LE(block.source.size(), block.size);
            ASSERT_TRUE(is_ram(block)) << std::hex << block.target << " " << block.size;
            std::byte* target = platform::memory_at(block.target);
            std::memmove(target, block.source.data(), block.source.size());
            std::memset(target + block.source.size(), 0, block.size - block.source.size());
        }
    }
    static bool is_ram(const BootBlock& block) {
        for (const auto& range : platform::memory_map())
            if (range.type == platform::kRam && block.target >= range.base && block.target + std::uint64_t{block.size} <= range.end())
                return block.target >= 0x100000 || block.end() <= host::memory().base_end;
        return false;
    }
    static std::string at(std::uint32_t address, std::size_t size) {
        return std::string(util::as_text({platform::memory_at(address), size}));
    }
    template <class T>
    static T value(std::uint32_t address) {
        T result;
        std::memcpy(&result, platform::memory_at(address), sizeof result);
        return result;
    }
    std::string detail() const { return std::string(plan->detail.view()); }

    ImageTable images;
    std::optional<BootPlan> plan;
};

template <class T>
void put(std::string& text, std::size_t at, T value) {
    if (text.size() < at + sizeof value) text.resize(at + sizeof value);
    std::memcpy(text.data() + at, &value, sizeof value);
}

}  // namespace scripts
