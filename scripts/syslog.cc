#include "scripts/syslog.h"

#include "scripts/system.h"

namespace scripts {

using namespace std::string_view_literals;

static constinit Syslog* instance = nullptr;

Syslog::Syslog(System& system) : system_(system) {
    instance = this;
    util::set_console_tap(take);
    system.loop.add(*this);
}

Syslog::~Syslog() {
    util::set_console_tap(nullptr);
    instance = nullptr;
}

void Syslog::take(std::string_view text) {
    for (char c : text) instance->add(c);
}

// Colours and cursor movements (ECMA-48 section 5.4) are for screens.
void Syslog::add(char c) {
    constexpr char kEscape = '\x1b';
    if (c == kEscape) in_escape_ = true;
    if (in_escape_) {
        if (c >= '@' && c <= '~' && c != '[') in_escape_ = false;
        return;
    }
    if (c == '\r') return;
    bool begins_line = waiting_.view().empty() || waiting_.view().back() == '\n';
    if (c == '\n' && begins_line) return;
    if (waiting_.view().size() == kMostWaiting) drop_oldest();
    waiting_.character(c);
    if (c == '\n') ++lines_;
}

// The first line, or all when it is not at its end yet.
void Syslog::drop_oldest() {
    std::size_t end = waiting_.view().find('\n');
    rest_.clear();
    if (end != std::string_view::npos) {
        rest_.text(waiting_.view().substr(end + 1));
        --lines_;
    }
    waiting_ = rest_;
}

void Syslog::send_line(const net::Ipv4Endpoint& server) {
    // Facility user (1), severity informational (6); no time: the server's is better. RFC 5424 section 6.
    util::String host = system_.settings.text("hostname"sv);
    std::string_view line = waiting_.view().substr(0, waiting_.view().find('\n'));
    bool named = !host.empty() && host.view().find(' ') == std::string_view::npos;
    message_.clear();
    message_.text("<14>1 - ").text(named ? host.view() : "-").text(" sanpiper - - - ").text(line);
    socket_->send(server, util::as_bytes(message_.view()));
    drop_oldest();
}

bool Syslog::poll(util::Instant now) {
    if (!lines_ || now < next_) return false;
    next_ = now + kInterval;
    net::Ipv4Endpoint server{system_.settings.address("syslog"sv), kPort};
    if (server.address.is_unspecified() || !system_.parts.datagrams.path(server.address).ok()) return false;
    if (!socket_) {
        auto socket = system_.parts.datagrams.open(1);
        if (!socket.ok()) return false;
        socket_ = socket.take();
    }
    while (lines_) send_line(server);
    return true;
}

util::Result<void> start_syslog(System& system) {
    return system.services.push(util::Owned<util::Poller>(TRY(util::make_owned<Syslog>(system))));
}

}  // namespace scripts
