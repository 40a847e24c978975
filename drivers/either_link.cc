#include "drivers/either_link.h"

#include <platform/clock.h>

#include "util/text.h"

namespace drivers {

util::Result<void> EitherLink::open() {
    if (open_) return {};
    if (forced_ != undi_.get()) {
        used_ = native_.get();
        auto opened = native_->open();
        open_ = opened.ok();
        on_trial_ = open_ && !forced_;
        trial_end_ = platform::now() + kLinkPatience;
        if (open_ || forced_) return opened;
        LOG("%v: %s; going on with its PXE ROM's driver", &identity().driver, opened.failure().text);
    }
    return open_undi();
}

// The UNDI still believes in the state that its ROM left, but the native driver has reset the NIC since. Closing an
// open one makes it begin with nothing.
util::Result<void> EitherLink::open_undi() {
    native_->close();
    on_trial_ = false;
    used_ = undi_.get();
    if (undi_->open().ok()) undi_->close();
    auto opened = undi_->open();
    open_ = opened.ok();
    return opened;
}

void EitherLink::close() {
    if (open_) used_->close();
    open_ = false;
}

net::LinkState EitherLink::state() {
    if (!open_) return {};
    net::LinkState state = used_->state();
    if (state.up || !on_trial_) {
        on_trial_ = false;
        return state;
    }
    if (platform::now() < trial_end_) return state;
    LOG("%v: no link; trying its PXE ROM's driver", &identity().driver);
    if (open_undi().ok()) return used_->state();
    return {};
}

bool EitherLink::choose_driver(std::string_view name) {
    if (name.empty())
        forced_ = nullptr;
    else if (name == "native" || name == native_->identity().driver)
        forced_ = native_.get();
    else if (name == undi_->identity().driver)
        forced_ = undi_.get();
    else
        return false;
    return true;
}

}  // namespace drivers
