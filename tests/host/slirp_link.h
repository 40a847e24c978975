// A net::Link into libslirp, in this process: our stack behind a user network, without privileges. Real servers on the
// host's loopback are reached at 10.0.2.2; DHCP gives 10.0.2.15; 10.0.2.3 passes DNS on; TFTP is served by 10.0.2.2.
//
// Real time: making one installs the idle hook (tests/host/host.h), which waits for libslirp's sockets. One at a time.
#pragma once

#include <cstdint>
#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "net/link.h"
#include "tests/host/pcap.h"
#include "util/time.h"

struct Slirp;
struct pollfd;

namespace host {

struct SlirpOptions {
    std::string tftp_directory;  // empty: no TFTP
    std::string boot_file;       // DHCP's filename
    std::string host_name;       // DHCP option 12
    std::string domain;          // DHCP option 15
    std::string capture;         // pcap file; empty: none
    std::size_t receive_ring = 256;  // frames; what libslirp sends beyond is lost
    net::MacAddress mac{{0x52, 0x54, 0, 0x12, 0x34, 0x56}};
    int watched = -1;  // a descriptor: wait() also ends when something can be read from it
};

class SlirpLink final : public net::Link {
  public:
    explicit SlirpLink(net::PacketPool& packets, SlirpOptions options = {});
    SlirpLink(const SlirpLink&) = delete;
    ~SlirpLink() override;

    util::Result<void> open() override;
    void close() override;
    bool transmit(net::Packet& packet) override;
    net::Packet receive() override;
    net::LinkState state() override { return {open_ && up_, 1000, net::Duplex::Full}; }
    net::MacAddress address() const override { return options_.mac; }
    bool set_address(const net::MacAddress& mac) override { return options_.mac = mac, true; }
    const net::LinkIdentity& identity() const override { return identity_; }
    std::size_t receive_capacity() const override { return options_.receive_ring; }

    // Pulls the cable or plugs it in: frames are lost meanwhile.
    void set_up(bool up) { up_ = up; }
    std::size_t overruns() const { return overruns_; }

    // Lets libslirp serve its sockets, waiting for them until then at most. Returns at once while frames wait for us.
    void wait(util::Instant until);

  private:
    static long take_frame(const void* frame, std::size_t size, void* self);
    static int add_poll(int fd, int events, void* self);
    static int poll_result(int index, void* self);

    net::PacketPool& packets_;
    SlirpOptions options_;
    net::LinkIdentity identity_{"slirp", "libslirp"};
    Slirp* slirp_ = nullptr;
    std::unique_ptr<Pcap> capture_;
    std::vector<pollfd> polled_;
    std::deque<std::vector<std::byte>> received_;
    std::size_t overruns_ = 0;
    bool open_ = false, up_ = true;
};

}  // namespace host
