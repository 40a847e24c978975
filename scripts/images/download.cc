#include "scripts/images/download.h"

#include <platform/memory.h>

#include <algorithm>

namespace scripts {

// A line that grows, as it is in logs of serial lines as well: each second at most, when there is news.
static constexpr util::Duration kQuiet = util::Duration::seconds(1), kLongQuiet = util::Duration::seconds(5);
static constexpr unsigned kNewsPercent = 5;

util::Result<void> Download::refuse(std::uint64_t wanted) {
    detail_.clear();
    explain_shortage(detail_, wanted, gap_.size);
    return kNoImageMemory;
}

util::Result<void> Download::begin(std::optional<std::uint64_t> size) {
    announced_ = size.value_or(0);
    received_ = 0;
    gap_ = find_gap(images_.images(), announced_);
    return announced_ > gap_.size ? refuse(announced_) : util::Result<void>();
}

util::Result<void> Download::write(util::Bytes data) {
    if (data.empty()) return {};
    if (data.size() > gap_.size - received_) return refuse(received_ + std::uint64_t{data.size()});
    std::memcpy(platform::memory_at(gap_.base + received_), data.data(), data.size());
    received_ += static_cast<std::uint32_t>(data.size());
    if (loop_.now() - said_ >= kQuiet) say_progress();
    return {};
}

// In per cent, or in megabytes when the server has not said how much there is.
void Download::say_progress() {
    util::Instant now = loop_.now();
    auto percent = static_cast<unsigned>(announced_ ? std::min<std::uint64_t>(std::uint64_t{received_} * 100 / announced_, 99) : received_ >> 20);
    if (percent == said_percent_ || (percent < said_percent_ + kNewsPercent && now - said_ < kLongQuiet)) return;
    said_ = now;
    said_percent_ = percent;
    util::print(announced_ ? " %u%%" : " %u MiB", percent);
}

void Download::say_done() {
    std::uint64_t us = static_cast<std::uint64_t>((loop_.now() - begun_).us());
    util::print(" ok");
    if (us >= static_cast<std::uint64_t>(kQuiet.us()))
        util::print(" (%u KiB, %u KiB/s)", received_ >> 10, static_cast<unsigned>((std::uint64_t{received_} * 15625 >> 4) / us));
    util::print("\n");
}

}  // namespace scripts
