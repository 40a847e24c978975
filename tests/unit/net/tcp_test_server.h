// A server's side of TCP, only for tests and as simple as can be: it listens, keeps what comes in order, drops what comes
// early unless it is `selective` (RFC 2018), and sends again all that is not acknowledged when its timer runs out or three
// duplicates say so. Written apart from the product's TCP, so that a misunderstanding is not shared.
#pragma once

#include <map>
#include <string>

#include "net/wire/tcp.h"
#include "tests/unit/net/stack_fixture.h"

namespace net {

class TcpTestServer final : public Ipv4Protocol, public util::Poller {
  public:
    TcpTestServer(TestHost& host, util::Loop& loop) : stack_(host.stack) {
        stack_.set_protocol(6, *this);
        loop.add(*this);
    }
    std::string received;      // all of it, in order
    std::string to_send;       // all of it; may grow
    bool close_at_end = false; // FIN after to_send and the peer's FIN
    bool selective = false;    // keeps what comes early, and says so
    std::size_t received_again = 0;  // bytes that were here already
    std::size_t largest_flight = 0;
    bool done() const { return peer_closed_ && fin_acknowledged_; }
    bool was_reset() const { return reset_; }

    void receive(Ipv4Datagram&& datagram, util::Instant now) override {
        util::Bytes bytes = datagram.payload.data();
        std::uint32_t sum = checksum_add_pseudo_header(0, datagram.source, datagram.destination, 6,
                                                       static_cast<std::uint16_t>(bytes.size()));
        if (checksum_field(checksum_add(sum, bytes)) != 0) return;
        auto segment = parse_tcp(datagram.payload);
        if (!segment) return;
        if (segment->has(tcp_control::kRst)) {
            reset_ = true;
            return;
        }
        if (segment->has(tcp_control::kSyn)) return accept(*segment, datagram.source);
        take(*segment, util::as_text(datagram.payload.data()), now);
    }
    void error(const Ipv4Error&, util::Instant) override {}

    bool poll(util::Instant now) override {
        if (!open_) return false;
        if (now >= timer_) {
            next_ = acknowledged_;
            timer_ = util::Instant::never();
        }
        return send_what_fits(now);
    }
    util::Instant poll_at() const override { return timer_; }

  private:
    static constexpr std::uint32_t kStart = 0xffff0000;  // wraps in the middle
    static constexpr std::size_t kSize = 1400;

    void accept(const TcpSegment& syn, Ipv4Address from) {
        if (!open_) {
            peer_ = from;
            local_port_ = syn.destination_port;
            peer_port_ = syn.source_port;
            first_ = syn.sequence + 1;
            shift_ = syn.window_shift.value_or(0);
            window_ = syn.window;
            open_ = true;
        }
        TcpSegment answer = header(tcp_control::kSyn | tcp_control::kAck);
        answer.sequence = TcpSequence(kStart) - 1;
        answer.mss = 1460;
        answer.window_shift = 0;
        answer.sack_permitted = selective;
        send(answer, {});
    }
    void take(const TcpSegment& segment, std::string_view text, util::Instant now) {
        if (!open_ || segment.source_port != peer_port_) return;
        auto acknowledged = static_cast<std::size_t>(segment.acknowledgment - TcpSequence(kStart));
        if (acknowledged > acknowledged_ && acknowledged <= to_send.size() + 1) {
            acknowledged_ = acknowledged;
            next_ = std::max(next_, acknowledged_);
            if (acknowledged_ == to_send.size() + 1) fin_acknowledged_ = true;
            duplicates_ = 0;
            timer_ = next_ > acknowledged_ ? now + kTimeout : util::Instant::never();
        } else if (acknowledged == acknowledged_ && next_ > acknowledged_ && text.empty() && ++duplicates_ == 3) {
            next_ = acknowledged_;
        }
        window_ = std::uint32_t{segment.window} << shift_;
        std::int32_t known = expected() - segment.sequence;
        bool whole = known >= 0 && known <= static_cast<std::int32_t>(text.size());
        if (whole && !peer_closed_) {
            received += text.substr(static_cast<std::size_t>(known));
            peer_closed_ = segment.has(tcp_control::kFin);
        }
        if (!text.empty()) keep(text, known);
        if (!text.empty() || segment.has(tcp_control::kFin) || known != 0) {
            TcpSegment answer = header(tcp_control::kAck);
            say_what_is_early(answer);
            send(answer, {});
        }
    }
    // known: how much of it was here before, negative when something before it is missing.
    void keep(std::string_view text, std::int32_t known) {
        if (known > 0) received_again += std::min<std::size_t>(text.size(), static_cast<std::size_t>(known));
        if (known < 0 && selective) {
            std::size_t place = received.size() + static_cast<std::size_t>(-known);
            if (early_.count(place)) received_again += text.size();
            early_[place] = text;
            newest_ = place;
        }
        while (!early_.empty() && early_.begin()->first <= received.size()) {
            auto first = early_.extract(early_.begin());
            std::size_t again = std::min(received.size() - first.key(), first.mapped().size());
            received += first.mapped().substr(again);
        }
    }
    // The range that was touched last comes first.
    void say_what_is_early(TcpSegment& answer) const {
        for (auto piece = early_.begin(); piece != early_.end();) {
            std::size_t begin = piece->first, end = begin;
            for (; piece != early_.end() && piece->first <= end; ++piece) end = std::max(end, piece->first + piece->second.size());
            TcpRange range{first_ + static_cast<std::uint32_t>(begin), first_ + static_cast<std::uint32_t>(end)};
            auto& blocks = answer.sack_blocks;
            if (begin <= newest_ && newest_ < end) {
                if (answer.sack_count == blocks.size()) --answer.sack_count;
                std::move_backward(blocks.begin(), blocks.begin() + answer.sack_count, blocks.begin() + answer.sack_count + 1);
                blocks[0] = range;
                ++answer.sack_count;
            } else if (answer.sack_count < blocks.size()) {
                blocks[answer.sack_count++] = range;
            }
        }
    }
    bool send_what_fits(util::Instant now) {
        bool sent = false;
        while (next_ < to_send.size() && next_ - acknowledged_ < window_) {
            std::size_t size = std::min({kSize, to_send.size() - next_, window_ - (next_ - acknowledged_)});
            if (size < kSize && size < to_send.size() - next_ && next_ > acknowledged_) break;
            TcpSegment segment = header(tcp_control::kAck);
            segment.sequence = TcpSequence(kStart) + static_cast<std::uint32_t>(next_);
            send(segment, std::string_view(to_send).substr(next_, size));
            next_ += size;
            largest_flight = std::max(largest_flight, next_ - acknowledged_);
            if (timer_ == util::Instant::never()) timer_ = now + kTimeout;
            sent = true;
        }
        if (close_at_end && peer_closed_ && next_ == to_send.size() && !fin_acknowledged_) {
            TcpSegment fin = header(tcp_control::kAck | tcp_control::kFin);
            fin.sequence = TcpSequence(kStart) + static_cast<std::uint32_t>(next_);
            send(fin, {});
            next_ += 1;
            timer_ = now + kTimeout;
            sent = true;
        }
        // A closed window is probed with nothing, an old number.
        if (next_ == acknowledged_ && next_ < to_send.size() && timer_ == util::Instant::never()) {
            TcpSegment probe = header(tcp_control::kAck);
            probe.sequence = TcpSequence(kStart) + static_cast<std::uint32_t>(next_) - 1;
            send(probe, {});
            timer_ = now + kTimeout;
        }
        return sent;
    }
    TcpSequence expected() const {
        return first_ + static_cast<std::uint32_t>(received.size()) + (peer_closed_ ? 1u : 0u);
    }
    TcpSegment header(int control) const {
        TcpSegment segment;
        segment.source_port = local_port_;
        segment.destination_port = peer_port_;
        segment.sequence = TcpSequence(kStart) + static_cast<std::uint32_t>(next_);
        segment.acknowledgment = expected();
        segment.control = static_cast<std::uint8_t>(control);
        segment.window = 0xffff;
        return segment;
    }
    void send(const TcpSegment& segment, std::string_view payload) {
        auto route = stack_.route(peer_);
        Packet packet = stack_.packets().allocate();
        if (!route.ok() || !packet) return;
        if (!payload.empty()) std::memcpy(packet.append(payload.size()).data(), payload.data(), payload.size());
        ASSERT(emit_tcp(segment, packet));
        std::uint32_t sum = checksum_add_pseudo_header(0, route.value().source, peer_, 6,
                                                       static_cast<std::uint16_t>(packet.size()));
        util::Be16 field = checksum_field(checksum_add(sum, packet.data()));
        std::memcpy(packet.data().data() + 16, &field, sizeof field);
        stack_.send(route.value(), peer_, 6, std::move(packet));
    }

    static constexpr util::Duration kTimeout = util::Duration::milliseconds(200);
    Stack& stack_;
    bool open_ = false, peer_closed_ = false, fin_acknowledged_ = false, reset_ = false;
    Ipv4Address peer_;
    std::uint16_t local_port_ = 0, peer_port_ = 0;
    TcpSequence first_;  // of the peer's data
    std::map<std::size_t, std::string> early_;  // by place in received
    std::size_t newest_ = 0;
    std::uint8_t shift_ = 0;
    std::uint32_t window_ = 0;
    std::size_t acknowledged_ = 0, next_ = 0;  // places in to_send
    unsigned duplicates_ = 0;
    util::Instant timer_ = util::Instant::never();
};

}  // namespace net
