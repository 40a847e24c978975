// san::HostResolver by DNS: what an iSCSI session asks for its target's address, also when it reconnects much
// later.
#pragma once

#include "net/config/resolver.h"
#include "san/iscsi_config.h"

namespace scripts {

class HostResolver final : public san::HostResolver {
  public:
    HostResolver(util::Loop& loop, net::DatagramService& datagrams, net::Random& random,
                 const net::DnsSettings& dns)
        : loop_(loop), query_(datagrams, random, dns), answer_(net::Ipv4Address()) {
        loop.add(query_);
    }
    void resolve(std::string_view name) override { query_.start(name, loop_.now()); }
    const util::Result<net::Ipv4Address>* answer() override {
        using State = net::DnsQuery::State;
        if (query_.state() == State::Asking) return nullptr;
        if (query_.state() == State::Found) answer_ = query_.address();
        if (query_.state() == State::Failed) answer_ = query_.failure();
        return &answer_;
    }

  private:
    util::Loop& loop_;
    net::DnsQuery query_;
    util::Result<net::Ipv4Address> answer_;
};

}  // namespace scripts
