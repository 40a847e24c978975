// A DatagramService whose remote ends are functions of the test.
#pragma once

#include <deque>
#include <functional>
#include <string>
#include <vector>

#include "net/datagram.h"
#include "net/random.h"
#include "tests/host/host.h"

namespace net {

class FakeDatagrams final : public DatagramService {
  public:
    using Handler = std::function<void(const Ipv4Endpoint& remote, const std::string& payload)>;

    util::Result<util::Owned<DatagramSocket>> open(std::size_t) override {
        ++opened;
        return util::Owned<DatagramSocket>(TRY(util::make_owned<Socket>(*this)));
    }
    util::Result<Path> path(Ipv4Address) override { return way; }

    void put(const Ipv4Endpoint& from, const std::string& payload) {
        Packet packet = pool_.allocate();
        ASSERT(packet);
        auto target = packet.append(payload.size());
        ASSERT(target.size() == payload.size());
        if (!payload.empty()) std::memcpy(target.data(), payload.data(), payload.size());
        waiting_.push_back({std::move(packet), from});
    }

    struct Sent {
        Ipv4Endpoint remote;
        std::string payload;
    };
    Path way;
    bool refused = false;
    unsigned opened = 0, open_now = 0;
    std::vector<Sent> sent;
    Handler on_send;

  private:
    class Socket final : public DatagramSocket {
      public:
        explicit Socket(FakeDatagrams& owner) : owner_(owner) { ++owner_.open_now; }
        ~Socket() override { --owner_.open_now; }
        void send(const Ipv4Endpoint& remote, util::Bytes payload) override {
            owner_.sent.push_back({remote, std::string(util::as_text(payload))});
            if (owner_.on_send) owner_.on_send(remote, std::string(util::as_text(payload)));
        }
        Received receive() override {
            if (owner_.waiting_.empty()) return {};
            Received first = std::move(owner_.waiting_.front());
            owner_.waiting_.pop_front();
            return first;
        }
        bool refused() const override { return owner_.refused; }

      private:
        FakeDatagrams& owner_;
    };
    std::vector<std::byte> memory_ = std::vector<std::byte>(128 * PacketBuffer::kStride);
    PacketPool pool_{memory_};
    std::deque<DatagramSocket::Received> waiting_;
};

class CountingRandom final : public Random {
  public:
    void fill(util::MutableBytes target) override {
        for (auto& byte : target) byte = static_cast<std::byte>(next_ = next_ * 5 + 1);
    }

  private:
    unsigned next_ = 7;
};

inline std::string big_endian(unsigned value) {
    return {static_cast<char>(value >> 8), static_cast<char>(value)};
}

}  // namespace net
