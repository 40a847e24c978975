// Console lines, sent to the server that the setting "syslog" names: UDP port 514 (RFC 5426), in the form of RFC 5424.
//
// Lines wait until there is a server; of what is too much the oldest go. What programs that we start print is theirs.
#pragma once

#include "net/datagram.h"
#include "util/loop.h"

namespace scripts {

class System;

class Syslog final : public util::Poller {
  public:
    static constexpr std::size_t kMostWaiting = 4096;  // bytes
    static constexpr std::uint16_t kPort = 514;
    static constexpr util::Duration kInterval = util::Duration::milliseconds(100);

    explicit Syslog(System& system);
    ~Syslog() override;
    Syslog(const Syslog&) = delete;

    bool poll(util::Instant now) override;
    util::Instant poll_at() const override { return lines_ ? next_ : util::Instant::never(); }

  private:
    static void take(std::string_view text);
    void add(char c);
    void drop_oldest();
    void send_line(const net::Ipv4Endpoint& server);

    System& system_;
    util::Owned<net::DatagramSocket> socket_;
    util::Instant next_;
    util::Text<kMostWaiting> waiting_, rest_;
    util::Text<1024> message_;
    std::size_t lines_ = 0;        // whole ones that wait
    bool in_escape_ = false;
};

// The table of what runs besides all else (service_table.cc): starts it. Failure: out of memory.
util::Result<void> start_services(System& system);
util::Result<void> start_syslog(System& system);

}  // namespace scripts
