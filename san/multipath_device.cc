#include "san/multipath_device.h"

#include <algorithm>

#include "san/iscsi_failures.h"

namespace san {

using util::Instant;

MultipathDevice::~MultipathDevice() {
    // Copies leave their paths before they go.
    for (Slot& slot : slots_)
        if (slot.state == Slot::State::OnPath) paths_[active_].device->cancel(slot.copy);
}

util::Result<void> MultipathDevice::add(util::Owned<IscsiDevice> path) {
    if (count_ == kMostPaths) return kTooManyPaths;
    paths_[count_++].device = std::move(path);
    return {};
}

util::Result<void> MultipathDevice::open() {
    auto all = std::span(paths_).first(count_);
    auto is_settled = [](const Path& path) { return path.device->ready() || path.device->down(); };
    auto is_ready = [](const Path& path) { return path.device->ready(); };
    auto waited = loop_.run_until([&] { return std::ranges::any_of(all, is_ready) || std::ranges::all_of(all, is_settled); },
                                  loop_.now() + kOpenTimeout);
    auto first = std::ranges::find_if(all, is_ready);
    if (first == all.end()) {
        const util::Failure* failure = all[0].device->final_failure();
        if (!failure || (!waited.ok() && &waited.failure() == &util::kCancelled)) return waited;
        return *failure;
    }
    active_ = static_cast<std::size_t>(first - all.begin());
    geometry_ = first->device->geometry();
    identity_ = first->device->identity();
    waited = loop_.run_until([&] { return std::ranges::all_of(all, is_settled); }, loop_.now() + kForOthers);
    if (!waited.ok() && &waited.failure() == &util::kCancelled) return waited;
    for (std::size_t at = 0; at < count_; ++at)
        if (at != active_) paths_[at].device->quiesce();
    loop_.add(*this);
    return {};
}

void MultipathDevice::submit(BlockRequest& request) {
    request.state = BlockRequest::State::Pending;
    waiting_.push_back(request);
    dispatch();
}

void MultipathDevice::cancel(BlockRequest& request) {
    request.unlink();
    request.state = BlockRequest::State::Idle;
    for (Slot& slot : slots_) {
        if (slot.state == Slot::State::Free || slot.request != &request) continue;
        if (slot.state == Slot::State::OnPath) paths_[active_].device->cancel(slot.copy);
        slot.state = Slot::State::Free;
    }
}

// Counts whatever may have changed the disk behind a cache's back.
std::uint32_t MultipathDevice::generation() const {
    std::uint32_t sum = switches_;
    for (std::size_t at = 0; at < count_; ++at) sum += paths_[at].device->generation();
    return sum;
}

bool MultipathDevice::reconnecting() const {
    for (const Slot& slot : slots_)
        if (slot.state == Slot::State::Held) return true;
    return paths_[active_].device->reconnecting();
}

void MultipathDevice::quiesce() {
    for (std::size_t at = 0; at < count_; ++at) paths_[at].device->quiesce();
}

bool MultipathDevice::is_usable(std::size_t at, Instant now) const {
    return leads_here(at) && now >= paths_[at].left_alone_until;
}

bool MultipathDevice::poll(Instant now) {
    now_ = now;
    bool moved = collect(now);
    if (is_needed() && !is_usable(active_, now)) moved |= search(now);
    return dispatch() || moved;
}

Instant MultipathDevice::poll_at() const {
    return is_needed() && !is_usable(active_, now_) ? wake_at_ : Instant::never();
}

// While nobody asks for anything paths may come and go.
bool MultipathDevice::is_needed() const {
    for (const Slot& slot : slots_)
        if (slot.state != Slot::State::Free) return true;
    return false;
}

bool MultipathDevice::search(Instant now) {
    for (std::size_t at = 0; at < count_; ++at) {
        if (!is_usable(at, now)) continue;
        use(at);
        return true;
    }
    if (now < wake_at_) return false;
    wake_at_ = now + kTryAgain;
    wake_others();
    return true;
}

void MultipathDevice::wake_others() {
    for (std::size_t at = 0; at < count_; ++at)
        if (at != active_ && !leads_here(at)) paths_[at].device->wake();
}

// The path that was used is made anew meanwhile, and is then one that may be used again.
void MultipathDevice::use(std::size_t at) {
    Path& before = paths_[active_];
    for (Slot& slot : slots_) {
        if (slot.state != Slot::State::OnPath) continue;
        before.device->cancel(slot.copy);
        slot.state = Slot::State::Held;
    }
    before.device->quiesce();
    active_ = at;
    ++switches_;
    auto portal = net::to_text(paths_[at].device->portal().address);
    std::string_view shown = portal.view();
    LOG("iscsi: going on by the path to %v", &shown);
}

bool MultipathDevice::dispatch() {
    bool moved = false;
    for (Slot& slot : slots_) {
        if (slot.state == Slot::State::Free) {
            BlockRequest* request = waiting_.pop_front();
            if (!request) continue;
            slot.request = request;
            slot.since = Instant::never();
        } else if (slot.state != Slot::State::Held || !is_usable(active_, now_)) {
            continue;
        }
        const BlockRequest& request = *slot.request;
        slot.copy.operation = request.operation;
        slot.copy.lba = request.lba;
        slot.copy.count = request.count;
        slot.copy.data = request.data;
        slot.state = Slot::State::OnPath;
        paths_[active_].device->submit(slot.copy);
        moved = true;
    }
    return moved;
}

bool MultipathDevice::collect(Instant now) {
    bool moved = false;
    for (Slot& slot : slots_) {
        using enum BlockRequest::State;
        bool is_over = slot.state == Slot::State::OnPath && (slot.copy.state == Done || slot.copy.state == Failed);
        bool is_held_too_long = slot.state == Slot::State::Held && now - slot.since > kPatience;
        if (is_over) moved |= take_done(slot, now);
        if (!is_held_too_long) continue;
        complete(slot);
        moved = true;
    }
    return moved;
}

// What says something of the path and nothing of the disk: it is not ready by this path, its session could not be made anew, or another
// disk is there now.
static bool is_of_path(const util::Failure& failure) {
    for (const util::Failure* known : {&kNotReady, &kNoSuchLun, &kTargetFailure})
        if (&failure == known) return true;
    return failure.code >= iscsi_code::kLogin && failure.code < iscsi_code::kScsi;
}

bool MultipathDevice::take_done(Slot& slot, Instant now) {
    bool may_go_elsewhere = slot.copy.state == BlockRequest::State::Failed && is_of_path(*slot.copy.failure);
    if (slot.since == Instant::never()) slot.since = now;
    if (!may_go_elsewhere || now - slot.since > kPatience) {
        complete(slot);
        return true;
    }
    slot.state = Slot::State::Held;
    paths_[active_].left_alone_until = now + kLeftAlone;
    return true;
}

void MultipathDevice::complete(Slot& slot) {
    BlockRequest& request = *slot.request;
    slot.state = Slot::State::Free;
    request.failure = slot.copy.failure;
    request.failed_lba = slot.copy.failed_lba;
    request.state = slot.copy.state == BlockRequest::State::Done ? BlockRequest::State::Done : BlockRequest::State::Failed;
}

}  // namespace san
