// One disk that is reached by several paths: iSCSI sessions with portals of the same LUN. One path is used; when it is lost, or its
// target says that this path shall not be used now (a controller in standby), what is unfinished goes to another one.
//
// Each request from above is carried by a copy of it, as a path keeps what was given to it until it is taken away. Paths that are not
// used stay logged in as long as their targets like; one that has been lost is made anew when it is needed.
#pragma once

#include "san/iscsi_device.h"

namespace san {

inline constexpr util::Failure kOtherDisk{util::code::kDisk + 49, "by this path it is another disk"};
inline constexpr util::Failure kTooManyPaths{util::code::kDisk + 50, "a drive has eight paths at most"};

class MultipathDevice final : public BlockDevice, public util::Poller {
  public:
    static constexpr std::size_t kMostPaths = 8;
    static constexpr util::Duration kOpenTimeout = util::Duration::seconds(90);
    // How long the first path that is there waits for others, which an iBFT can then name; a path that is refused is not waited for.
    static constexpr util::Duration kForOthers = util::Duration::seconds(2);
    // How long a path is left alone whose target does not want it to be used, and how long a request waits for a path that may.
    static constexpr util::Duration kLeftAlone = util::Duration::seconds(10);
    static constexpr util::Duration kPatience = util::Duration::seconds(60);
    // How often paths that are down are tried again while one is needed.
    static constexpr util::Duration kTryAgain = util::Duration::seconds(2);

    explicit MultipathDevice(util::Loop& loop) : loop_(loop) {}
    ~MultipathDevice() override;

    // A path that has begun to log in. Failure: kTooManyPaths.
    util::Result<void> add(util::Owned<IscsiDevice> path);
    // Waits until the disk is there. Failure: that of the first path, when no path leads to a disk; kCancelled.
    util::Result<void> open();

    std::size_t size() const { return count_; }
    IscsiDevice& path(std::size_t at) { return *paths_[at].device; }
    // The one that is used, when open.
    std::size_t active() const { return active_; }
    // Whether a path has shown this disk.
    bool leads_here(std::size_t at) const { return paths_[at].device->ready() && is_same_disk(paths_[at]); }

    const BlockGeometry& geometry() const override { return geometry_; }
    std::uint32_t max_transfer_blocks() const override { return paths_[active_].device->max_transfer_blocks(); }
    void submit(BlockRequest& request) override;
    void cancel(BlockRequest& request) override;
    std::uint32_t generation() const override;
    bool reconnecting() const override;
    void quiesce() override;
    const Diagnosis& diagnosis() const override { return paths_[active_].device->diagnosis(); }

    bool poll(util::Instant now) override;
    util::Instant poll_at() const override;

  private:
    struct Path {
        util::Owned<IscsiDevice> device;
        util::Instant left_alone_until;
    };
    struct Slot {
        enum class State : std::uint8_t { Free, OnPath, Held };
        State state = State::Free;
        BlockRequest* request = nullptr;  // from above
        BlockRequest copy;
        util::Instant since;              // that it is held; never(): it has not been
    };
    static constexpr std::size_t kSlots = 32;

    bool is_same_disk(const Path& path) const { return path.device->identity() == identity_; }
    bool is_usable(std::size_t at, util::Instant now) const;
    bool dispatch();
    bool collect(util::Instant now);
    bool take_done(Slot& slot, util::Instant now);
    bool is_needed() const;
    bool search(util::Instant now);
    void wake_others();
    void use(std::size_t at);
    void complete(Slot& slot);

    util::Loop& loop_;
    std::size_t count_ = 0, active_ = 0;
    std::uint32_t switches_ = 0;
    BlockGeometry geometry_;
    UnitIdentity identity_;
    util::Instant now_, wake_at_;
    util::List<BlockRequest> waiting_;  // for a slot
    std::array<Path, kMostPaths> paths_;
    std::array<Slot, kSlots> slots_;
};

}  // namespace san
