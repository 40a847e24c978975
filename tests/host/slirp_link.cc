#include "tests/host/slirp_link.h"

#include <arpa/inet.h>
#include <platform/clock.h>
#include <poll.h>
#include <slirp/libslirp.h>

#include <algorithm>
#include <cstdio>

#include "tests/host/host.h"
#include "util/assert.h"

namespace host {
namespace {

in_addr address_of(const char* text) {
    in_addr address{};
    inet_pton(AF_INET, text, &address);
    return address;
}

void print_guest_error(const char* message, void*) { std::fprintf(stderr, "libslirp: %s\n", message); }
std::int64_t clock_in_ns(void*) { return platform::now().us() * 1000; }
// Timers are for IPv6 router advertisements only, which are off.
void* make_timer(SlirpTimerCb, void*, void*) { return nullptr; }
void free_timer(void*, void*) {}
void set_timer(void*, std::int64_t, void*) {}
void note_descriptor(int, void*) {}
void note_event(void*) {}

const char* or_null(const std::string& text) { return text.empty() ? nullptr : text.c_str(); }

}  // namespace

SlirpLink::SlirpLink(net::PacketPool& packets, SlirpOptions options)
    : packets_(packets), options_(std::move(options)) {
    use_real_time([this](util::Instant until) { wait(until); });
    if (!options_.capture.empty()) capture_ = std::make_unique<Pcap>(options_.capture);
    SlirpConfig config{};
    config.version = 1;
    config.in_enabled = true;
    config.vnetwork = address_of("10.0.2.0");
    config.vnetmask = address_of("255.255.255.0");
    config.vhost = address_of("10.0.2.2");
    config.vdhcp_start = address_of("10.0.2.15");
    config.vnameserver = address_of("10.0.2.3");
    config.tftp_path = or_null(options_.tftp_directory);
    config.bootfile = or_null(options_.boot_file);
    config.vhostname = or_null(options_.host_name);
    config.vdomainname = or_null(options_.domain);
    static constexpr SlirpCb kCallbacks{
        .send_packet = take_frame,
        .guest_error = print_guest_error,
        .clock_get_ns = clock_in_ns,
        .timer_new = make_timer,
        .timer_free = free_timer,
        .timer_mod = set_timer,
        .register_poll_fd = note_descriptor,
        .unregister_poll_fd = note_descriptor,
        .notify = note_event,
    };
    slirp_ = slirp_new(&config, &kCallbacks, this);
    ASSERT(slirp_);
}

SlirpLink::~SlirpLink() {
    slirp_cleanup(slirp_);
    use_real_time(nullptr);
}

util::Result<void> SlirpLink::open() {
    open_ = true;
    return {};
}

void SlirpLink::close() {
    open_ = false;
    received_.clear();
}

bool SlirpLink::transmit(net::Packet& packet) {
    net::Packet taken = std::move(packet);
    if (!open_ || !up_) return true;
    util::MutableBytes frame = taken.data();
    if (capture_) capture_->write(platform::now(), frame);
    slirp_input(slirp_, reinterpret_cast<const std::uint8_t*>(frame.data()), static_cast<int>(frame.size()));
    return true;
}

net::Packet SlirpLink::receive() {
    if (received_.empty()) return {};
    net::Packet packet = packets_.allocate();
    if (!packet) return {};
    const auto& frame = received_.front();
    std::copy(frame.begin(), frame.end(), packet.append(frame.size()).begin());
    received_.pop_front();
    return packet;
}

long SlirpLink::take_frame(const void* frame, std::size_t size, void* opaque) {
    auto& self = *static_cast<SlirpLink*>(opaque);
    auto* bytes = static_cast<const std::byte*>(frame);
    if (self.capture_) self.capture_->write(platform::now(), {bytes, size});
    bool lost = size > net::PacketBuffer::kCapacity - net::PacketBuffer::kHeadroom ||
                self.received_.size() >= self.options_.receive_ring;
    if (!self.open_ || !self.up_) return static_cast<long>(size);
    if (lost)
        ++self.overruns_;
    else
        self.received_.emplace_back(bytes, bytes + size);
    return static_cast<long>(size);
}

int SlirpLink::add_poll(int fd, int events, void* opaque) {
    auto& polled = static_cast<SlirpLink*>(opaque)->polled_;
    short wanted = 0;
    if (events & SLIRP_POLL_IN) wanted |= POLLIN;
    if (events & SLIRP_POLL_OUT) wanted |= POLLOUT;
    if (events & SLIRP_POLL_PRI) wanted |= POLLPRI;
    polled.push_back({fd, wanted, 0});
    return static_cast<int>(polled.size() - 1);
}

int SlirpLink::poll_result(int index, void* opaque) {
    short seen = static_cast<SlirpLink*>(opaque)->polled_[static_cast<std::size_t>(index)].revents;
    return (seen & POLLIN ? SLIRP_POLL_IN : 0) | (seen & POLLOUT ? SLIRP_POLL_OUT : 0) |
           (seen & POLLPRI ? SLIRP_POLL_PRI : 0) | (seen & POLLERR ? SLIRP_POLL_ERR : 0) |
           (seen & POLLHUP ? SLIRP_POLL_HUP : 0);
}

void SlirpLink::wait(util::Instant until) {
    constexpr std::int64_t kLongest = 100;  // ms; keys and others may want attention
    std::int64_t ms = std::clamp<std::int64_t>(((until - platform::now()).us() + 999) / 1000, 0, kLongest);
    if (!received_.empty()) ms = 0;
    auto timeout = static_cast<std::uint32_t>(ms);
    polled_.clear();
    slirp_pollfds_fill(slirp_, &timeout, add_poll, this);
    if (options_.watched >= 0) add_poll(options_.watched, SLIRP_POLL_IN, this);
    int result = ::poll(polled_.data(), polled_.size(), static_cast<int>(timeout));
    slirp_pollfds_poll(slirp_, result < 0, poll_result, this);
}

}  // namespace host
