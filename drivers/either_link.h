// One NIC with two drivers: its own, and the UNDI that its PXE ROM has left. The first is used when it opens and brings a
// link up soon, else the second; a name forces either.
#pragma once

#include "net/link.h"
#include "util/owned.h"
#include "util/time.h"

namespace drivers {

class EitherLink final : public net::Link {
  public:
    // Gigabit copper negotiates for 2 to 4 seconds.
    static constexpr util::Duration kLinkPatience = util::Duration::seconds(6);

    EitherLink(util::Owned<net::Link> native, util::Owned<net::Link> undi)
        : native_(std::move(native)), undi_(std::move(undi)), used_(native_.get()) {}
    ~EitherLink() override { close(); }

    util::Result<void> open() override;
    void close() override;
    bool transmit(net::Packet& packet) override { return used_->transmit(packet); }
    net::Packet receive() override { return used_->receive(); }
    net::LinkState state() override;
    net::MacAddress address() const override { return used_->address(); }
    bool set_address(const net::MacAddress& mac) override { return native_->set_address(mac) && undi_->set_address(mac); }
    const net::LinkIdentity& identity() const override { return used_->identity(); }
    std::uint16_t mtu() const override { return used_->mtu(); }
    std::size_t receive_capacity() const override { return used_->receive_capacity(); }
    bool checksum_offload() const override { return used_->checksum_offload(); }
    std::size_t segmentation_limit() const override { return used_->segmentation_limit(); }
    bool choose_driver(std::string_view name) override;

  private:
    util::Result<void> open_undi();

    util::Owned<net::Link> native_, undi_;
    net::Link* used_;
    net::Link* forced_ = nullptr;
    bool open_ = false;
    bool on_trial_ = false;        // the native driver has not shown a link yet
    util::Instant trial_end_;
};

}  // namespace drivers
