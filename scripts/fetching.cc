#include "scripts/fetching.h"

#include "scripts/completion.h"
#include "scripts/images/download.h"
#include "scripts/system.h"

namespace scripts {

util::Result<net::Uri> resolve_uri(System& system, std::string_view text) {
    if (net::uri_scheme_length(text)) return net::Uri::parse(text);
    if (!system.engine.base_uri().empty())
        return net::Uri::resolve(TRY(net::Uri::parse(system.engine.base_uri())), text);
    net::Ipv4Address next_server;
    SettingValue value;
    if (TRY(system.settings.fetch(TRY(SettingReference::parse("next-server")), value)) &&
        value.bytes.size() >= 4)
        std::memcpy(&next_server, value.bytes.view().data(), 4);
    return net::Uri::from_boot_file(next_server, text);
}

namespace {

// Cancels what waits in the loop after a time, as Ctrl-C would.
class TimeLimit final : public util::Poller {
  public:
    TimeLimit(util::Loop& loop, util::Duration limit) : loop_(loop), before_(loop.cancel()), end_(loop.now() + limit) {
        loop.add(*this);
    }
    ~TimeLimit() override { loop_.set_cancel(before_); }
    bool poll(util::Instant now) override {
        if (now >= end_) loop_.set_cancel(util::Loop::Cancel::AtOnce);
        return false;
    }
    util::Instant poll_at() const override { return end_; }
    bool is_over() const { return loop_.cancel() == util::Loop::Cancel::AtOnce; }

  private:
    util::Loop& loop_;
    util::Loop::Cancel before_;
    util::Instant end_;
};

}  // namespace

util::Result<Image*> fetch_image_within(System& system, util::Duration limit, std::string_view text, std::string_view name) {
    if (limit.us() == 0) return fetch_image(system, text, name);
    TimeLimit time(system.loop, limit);
    auto image = fetch_image(system, text, name);
    if (!image.ok() && &image.failure() == &util::kCancelled && time.is_over()) return kFetchTooSlow;
    return image;
}

static std::string_view last_part(std::string_view path) {
    std::size_t slash = path.rfind('/');
    return slash == path.npos ? path : path.substr(slash + 1);
}

util::Result<Image*> fetch_image(System& system, std::string_view text, std::string_view name) {
    net::Uri uri = TRY(resolve_uri(system, text));
    auto [front, rest] = uri.shown();
    system.network.refresh_dns();
    system.fetch_context.detail.clear();
    util::print("%v%v...", &front, &rest);
    Download download(system.images, system.loop, system.fetch_context.detail);
    net::FetchRequest request;
    if (auto list = uri.params()) {
        FormParameters* parameters = system.form_parameters.find(*list);
        if (!parameters) return kNoSuchParameters;
        request.form = parameters->form.view();
        request.headers = parameters->headers.view();
    }
    auto fetched = net::fetch(system.fetch_context, uri, download, request);
    if (!fetched.ok()) {
        std::string_view detail = system.fetch_context.detail.view();
        util::print(" failed\n%s%v%s", detail.empty() ? "" : "  ", &detail, detail.empty() ? "" : "\n");
        return fetched.failure();
    }
    download.say_done();
    remember_uri(system, uri.text());
    return system.images.add(name.empty() ? last_part(uri.path()) : name, uri.text(), download.place());
}

}  // namespace scripts
