// Logging in: stages, keys, CHAP, redirects, refusals; and targets that do it wrong.
#include "tests/unit/san/iscsi_fixture.h"

namespace {

using fake::Connection;
using fake::Pdu;
using san::IscsiOpcode;

class IscsiLogin : public fake::IscsiTest {
  protected:
    // Changes each login response on its way out.
    void edit_response(std::function<void(san::LoginResponseHeader&, std::string& text)> change) {
        target.on_send = [change](Connection&, Pdu& pdu) {
            if (pdu.opcode() != IscsiOpcode::LoginResponse) return false;
            std::string text = pdu.data;
            pdu.edit<san::LoginResponseHeader>([&](auto& header) { change(header, text); });
            pdu.data = text;
            return false;
        };
    }
    std::vector<san::LoginRequestHeader> requests() const {
        std::vector<san::LoginRequestHeader> all;
        for (const Pdu& pdu : target.received)
            if (pdu.opcode() == IscsiOpcode::LoginRequest) all.push_back(pdu.as<san::LoginRequestHeader>());
        return all;
    }
    std::size_t said(const std::string& name) const {
        std::size_t count = 0;
        for (auto& [key, value] : target.connections.back()->keys) count += key == name;
        return count;
    }
    std::string value(const std::string& name) const {
        for (auto& [key, value] : target.connections.back()->keys)
            if (key == name) return value;
        return "(not said)";
    }
};

TEST_F(IscsiLogin, TakesTwoRoundTripsWithoutChap) {
    open();
    ASSERT_EQ(requests().size(), 2u);
    EXPECT_EQ(requests()[0].flags, 0x81);  // T, security to operational
    EXPECT_EQ(requests()[1].flags, 0x87);  // T, operational to full feature
}

TEST_F(IscsiLogin, SaysNamesAndSessionTypeOnceAndFirst) {
    open();
    for (const char* name : {"InitiatorName", "TargetName", "SessionType"}) EXPECT_EQ(said(name), 1u) << name;
    EXPECT_EQ(target.connections.back()->keys[0].first, "InitiatorName");
    EXPECT_EQ(value("InitiatorName"), fake::kInitiatorName);
    EXPECT_EQ(value("TargetName"), fake::kTargetName);
    EXPECT_EQ(value("SessionType"), "Normal");
}

TEST_F(IscsiLogin, KeepsItsIsidAndAsksForANewSession) {
    open();
    target.drop();
    sleep(2000);
    for (auto& request : requests()) {
        EXPECT_EQ(request.isid, config.isid);
        EXPECT_EQ(request.tsih.get(), 0);
    }
    EXPECT_EQ(requests().size(), 4u);
}

TEST_F(IscsiLogin, HasAnIsidOfItsOwnForEachDriveAndNic) {
    net::MacAddress mac{{0x52, 0x54, 0x00, 0x12, 0x34, 0x56}};
    san::Isid isid = san::isid_from_mac(mac, 0x80);
    EXPECT_EQ(isid, (san::Isid{0x14, 0x54, 0x00, 0x92, 0x34, 0x56}));
    EXPECT_EQ(isid[0] & 0xc0, 0) << "type 00b: OUI";
    EXPECT_NE(isid, san::isid_from_mac(mac, 0x81));
}

TEST_F(IscsiLogin, OffersNoDigestsUnlessAsked) {
    open();
    EXPECT_EQ(value("HeaderDigest"), "None");
    EXPECT_EQ(value("DataDigest"), "None");
}

TEST_F(IscsiLogin, UsesDigestsWhenAskedAndAgreed) {
    config.header_digest = config.data_digest = san::DigestWish::Crc32c;
    target.digests = true;
    open();
    EXPECT_EQ(value("HeaderDigest"), "CRC32C,None");
    expect_reads();
    expect_writes(100 * 512);
}

TEST_F(IscsiLogin, LivesWithoutDigestsWhenTheTargetHasNone) {
    config.header_digest = config.data_digest = san::DigestWish::Crc32c;
    open();
    expect_reads();
}

TEST_F(IscsiLogin, ProvesItselfByChap) {
    use_chap();
    open();
    EXPECT_EQ(device->chap_used(), san::ChapUsed::OneWay);
    EXPECT_EQ(value("AuthMethod"), "CHAP,None");
    EXPECT_EQ(value("CHAP_A"), "5");
    ASSERT_EQ(requests().size(), 4u);
    EXPECT_EQ(requests()[0].flags, 0x00) << "no T bit before the stage is done";
    EXPECT_EQ(requests()[1].flags, 0x00);
    EXPECT_EQ(requests()[2].flags, 0x81);
}

TEST_F(IscsiLogin, DoesWithoutChapWhenTheTargetWantsNone) {
    use_chap();
    target.user.clear();
    open();
    EXPECT_EQ(device->chap_used(), san::ChapUsed::None);
}

TEST_F(IscsiLogin, TakesLongChallengesInHexAndBase64) {
    for (bool base64 : {false, true}) {
        for (std::size_t size : {1u, 17u, 256u, 1024u}) {
            target.base64_challenge = base64;
            target.challenge_size = size;
            config.chap = {};
            use_chap();
            EXPECT_EQ(try_open(), nullptr) << size;
        }
    }
}

TEST_F(IscsiLogin, RefusesAChallengeOfMoreThan1024Bytes) {
    use_chap();
    target.challenge_size = 1025;
    EXPECT_EQ(try_open(), &san::kChapMalformed);
}

TEST_F(IscsiLogin, ChecksTheTargetsProofInMutualChap) {
    use_mutual_chap();
    open();
    EXPECT_EQ(device->chap_used(), san::ChapUsed::Mutual);
    EXPECT_EQ(value("AuthMethod"), "CHAP");
    target.reverse_secret = "another0secret";
    EXPECT_EQ(try_open(), &san::kTargetNotAuthentic);
    EXPECT_NE(why().find("reverse-password"), std::string::npos) << why();
    target.reverse_secret = "targetsecret0";
    target.reverse_user = "somebody";
    EXPECT_EQ(try_open(), &san::kTargetNotAuthentic);
}

TEST_F(IscsiLogin, RefusesATargetThatPassesOverItsProof) {
    use_mutual_chap();
    target.reverse_user.clear();
    EXPECT_EQ(try_open(), &san::kTargetNotAuthentic);
}

// Which may be right by chance, or because nothing has been asked yet.
TEST_F(IscsiLogin, RefusesAProofThatComesBeforeItsChallenge) {
    use_mutual_chap();
    edit_response([](auto&, std::string& text) {
        fake::Keys keys = fake::split_keys(text), edited;
        for (auto& [key, value] : keys)
            if (key != "CHAP_N" && key != "CHAP_R") edited.emplace_back(key, value);
        if (text.find("CHAP_C") != text.npos) {
            edited.emplace_back("CHAP_N", "target");
            edited.emplace_back("CHAP_R", "0x00000000000000000000000000000000");
        }
        text = fake::join_keys(edited);
    });
    EXPECT_EQ(try_open(), &san::kTargetNotAuthentic);
}

TEST_F(IscsiLogin, TakesAProofThatComesWithoutTheTransitBit) {
    use_mutual_chap();
    edit_response([](auto& header, std::string& text) {
        if (text.find("CHAP_R") != text.npos) header.flags = 0;
    });
    open();
    EXPECT_EQ(device->chap_used(), san::ChapUsed::Mutual);
}

TEST_F(IscsiLogin, RefusesTheSameSecretInBothDirections) {
    use_mutual_chap();
    config.reverse_chap.secret = config.chap.secret;
    EXPECT_EQ(try_open(), &san::kChapSameSecret);
    EXPECT_TRUE(target.received.empty());
}

TEST_F(IscsiLogin, NeedsForwardCredentialsForMutualChap) {
    config.reverse_chap.secret.text("targetsecret0");
    EXPECT_EQ(try_open(), &san::kReverseWithoutForward);
}

TEST_F(IscsiLogin, FailsWithAWrongPassword) {
    use_chap();
    target.secret = "something0else";
    EXPECT_EQ(try_open(), &san::kAuthenticationFailed);
    EXPECT_EQ(std::string(diagnosis.stage), "login");
    EXPECT_NE(why().find("0201"), std::string::npos) << why();
}

TEST_F(IscsiLogin, SaysThatTheTargetWantsChap) {
    edit_response([](auto& header, std::string& text) {
        header.flags = 0;
        text = std::string("AuthMethod=CHAP\0", 16);
    });
    EXPECT_EQ(try_open(), &san::kChapNeeded);
    EXPECT_NE(why().find("Set username and password"), std::string::npos);
}

TEST_F(IscsiLogin, RefusesOtherChapAlgorithms) {
    use_chap();
    edit_response([](auto&, std::string& text) {
        if (auto at = text.find("CHAP_A=5"); at != text.npos) text[at + 7] = '7';
    });
    EXPECT_EQ(try_open(), &san::kChapAlgorithm);
}

TEST_F(IscsiLogin, RefusesMalformedChallenges) {
    for (const char* challenge : {"zz", "0xzz", "0b!!", "0x", ""}) {
        config.chap = {};
        use_chap();
        edit_response([challenge](auto&, std::string& text) {
            if (text.find("CHAP_C") != text.npos)
                text = fake::join_keys({{"CHAP_A", "5"}, {"CHAP_I", "1"}, {"CHAP_C", challenge}});
        });
        EXPECT_EQ(try_open(), &san::kChapMalformed) << challenge;
    }
}

TEST_F(IscsiLogin, TellsEachStatusInWords) {
    struct Case {
        std::uint16_t status;
        const util::Failure* failure;
        const char* text;
    };
    for (Case c : {Case{0x0200, &san::kLoginRefused, "initiator error"},
                   Case{0x0202, &san::kNotAllowed, "ACL"},
                   Case{0x0203, &san::kTargetNotFound, "target not found"},
                   Case{0x0204, &san::kTargetRemoved, "removed"},
                   Case{0x0206, &san::kLoginRefused, "too many connections"},
                   Case{0x02ff, &san::kLoginRefused, "unknown status"},
                   Case{0x0905, &san::kLoginRefused, "unknown status"}}) {
        target.login_status = c.status;
        EXPECT_EQ(try_open(), c.failure) << std::hex << c.status;
        EXPECT_NE(why().find(c.text), std::string::npos) << why();
    }
}

TEST_F(IscsiLogin, NamesPortalTargetLunAndItselfInTheDiagnosis) {
    target.login_status = 0x0203;
    EXPECT_EQ(try_open(), &san::kTargetNotFound);
    EXPECT_EQ(std::string(diagnosis.what.view()),
              "target 192.0.2.1:3260 iqn.2020-01.test:target LUN 1, initiator iqn.2020-01.test:initiator: "
              "target not found (target not found, 0203)");
}

TEST_F(IscsiLogin, WaitsOutPassingTroubles) {
    target.login_status = 0x0301;
    std::size_t tries = 0;
    target.on_pdu = [&](Connection&, const Pdu& pdu) {
        if (pdu.opcode() == IscsiOpcode::LoginRequest && ++tries == 3) target.login_status = 0;
        return false;
    };
    open();
    EXPECT_EQ(target.connects.size(), 3u);
}

TEST_F(IscsiLogin, GivesUpOnAPassingTroubleThatStays) {
    target.login_status = 0x0302;
    EXPECT_EQ(try_open(), &san::kTargetBusy);
    EXPECT_NE(why().find("out of resources"), std::string::npos) << why();
}

TEST_F(IscsiLogin, FollowsARedirectAndRemembersTheFirstPortal) {
    target.login_status = 0x0101;
    target.redirect = "198.51.100.7:3261,1";
    target.on_pdu = [&](Connection&, const Pdu&) {
        if (target.connects.size() == 2) target.login_status = 0;
        return false;
    };
    open();
    EXPECT_EQ(device->portal(), (net::Ipv4Endpoint{net::Ipv4Address(198, 51, 100, 7), 3261}));
    target.drop();
    sleep(2000);
    ASSERT_EQ(target.connects.size(), 3u);
    EXPECT_EQ(target.connects[2], (net::Ipv4Endpoint{net::Ipv4Address(192, 0, 2, 1), 3260}));
}

TEST_F(IscsiLogin, TakesNoRefusalForARedirectBecauseOfAnAddressThatWasSaidBefore) {
    use_chap();
    target.secret = "something0else";
    edit_response([](auto&, std::string& text) {
        if (!text.empty()) text += std::string("TargetAddress=198.51.100.7:3261,1") + '\0';
    });
    EXPECT_EQ(try_open(), &san::kAuthenticationFailed);
    EXPECT_EQ(target.connects.size(), 1u);
}

TEST_F(IscsiLogin, EndsARedirectLoopAfterFourHops) {
    target.login_status = 0x0102;
    target.redirect = "192.0.2.1";
    EXPECT_EQ(try_open(), &san::kTooManyRedirects);
    EXPECT_EQ(target.connects.size(), 5u);
}

TEST_F(IscsiLogin, RefusesRedirectsToNowhere) {
    target.login_status = 0x0101;
    for (const char* address : {"", ":3260", "192.0.2.2:0", "192.0.2.2:99999", "[::1"}) {
        target.redirect = address;
        EXPECT_EQ(try_open(), &san::kBadRedirect) << address;
    }
    target.redirect = "[2001:db8::1]:3260,1";
    EXPECT_EQ(try_open(), &san::kIpv6Unsupported);
}

TEST_F(IscsiLogin, ResolvesNamesAndSaysWhenItCannot) {
    use("iscsi:server.example:::1:" + std::string(fake::kTargetName));
    EXPECT_EQ(try_open(), &util::kNotFound);
    EXPECT_EQ(std::string(diagnosis.stage), "resolve");
    EXPECT_NE(why().find("server.example"), std::string::npos) << why();
    resolver.known = net::Ipv4Address(192, 0, 2, 9);
    open();
    EXPECT_EQ(target.connects.back().address, *resolver.known);
}

TEST_F(IscsiLogin, SaysThatIpv6IsNotSupported) {
    use("iscsi:[2001:db8::1]:::1:" + std::string(fake::kTargetName));
    EXPECT_EQ(try_open(), &san::kIpv6Unsupported);
}

TEST_F(IscsiLogin, SaysWhenTheConnectionIsRefused) {
    target.down = true;
    EXPECT_EQ(try_open(), &fake::kRefused);
    EXPECT_EQ(std::string(diagnosis.stage), "connect");
}

TEST_F(IscsiLogin, CanBeCancelledWithCtrlC) {
    target.hang = true;
    host::type_key(3);
    EXPECT_EQ(try_open(), &util::kCancelled);
}

TEST_F(IscsiLogin, JoinsAnAnswerInSeveralPdus) {
    std::string rest;
    san::LoginResponseHeader last;
    target.on_send = [&](Connection&, Pdu& pdu) {
        if (pdu.opcode() != IscsiOpcode::LoginResponse || pdu.data.size() < 100) return false;
        last = pdu.as<san::LoginResponseHeader>();
        rest = pdu.data.substr(50);
        pdu.data.resize(50);
        pdu.header.flags = (pdu.header.flags & 0x0c) | san::kLoginContinue;
        return false;
    };
    target.on_pdu = [&](Connection& connection, const Pdu& pdu) {
        if (rest.empty()) return false;
        EXPECT_TRUE(pdu.data.empty());
        EXPECT_EQ(pdu.header.flags, 0x04) << "neither T nor C while the target goes on";
        std::string piece = rest.substr(0, 50);
        rest.erase(0, 50);
        san::LoginResponseHeader header = last;
        header.stat_sn = connection.stat_sn++;
        header.flags = rest.empty() ? 0x04 : 0x04 | san::kLoginContinue;
        connection.send(Pdu::of(header, piece));
        return true;
    };
    open();
    EXPECT_EQ(target.received.size() > 5, true);
}

TEST_F(IscsiLogin, SplitsALongTextOverSeveralPdus) {
    config.login_segment = 40;
    use_mutual_chap();
    open();
    EXPECT_EQ(value("TargetName"), fake::kTargetName);
    EXPECT_EQ(requests()[0].flags, san::kLoginContinue);
    expect_reads();
}

TEST_F(IscsiLogin, AnswersKeysThatTheTargetProposes) {
    bool proposed = false;
    edit_response([&](auto& header, std::string& text) {
        if (std::exchange(proposed, true)) return;
        header.flags = 0;  // wait for the answers
        text += fake::join_keys({{"MaxBurstLength", "65536"}, {"X-com.example.key", "1"}, {"IFMarker", "Yes"},
                                 {"ErrorRecoveryLevel", "2"}, {"DataPDUInOrder", "No"}});
    });
    open();
    EXPECT_EQ(value("MaxBurstLength"), "65536");
    EXPECT_EQ(value("X-com.example.key"), "NotUnderstood");
    EXPECT_EQ(value("IFMarker"), "No");
    EXPECT_EQ(value("ErrorRecoveryLevel"), "0");
    EXPECT_EQ(value("DataPDUInOrder"), "Yes");
}

TEST_F(IscsiLogin, TakesRefusedKeysCalmly) {
    edit_response([](auto& header, std::string& text) {
        if ((header.flags & 0x0c) != 0x04) return;
        fake::Keys keys = fake::split_keys(text);
        const char* refusals[] = {"NotUnderstood", "Irrelevant", "Reject"};
        for (std::size_t i = 0; i < keys.size(); ++i) keys[i].second = refusals[i % 3];
        text = fake::join_keys(keys);
    });
    target.on_pdu = [](Connection& connection, const Pdu&) {
        connection.agreed.clear();
        return false;
    };
    target.immediate_data = false;
    open();
    expect_reads();
    expect_writes();
}

TEST_F(IscsiLogin, LivesWithATargetThatAnswersNoKeysAtAll) {
    edit_response([](auto&, std::string& text) { text.clear(); });
    open();
    expect_reads();
}

TEST_F(IscsiLogin, RefusesAnswersThatMakeNoSense) {
    for (auto [name, value] : {std::pair{"MaxBurstLength", "0"}, {"MaxBurstLength", "99999999999"},
                               {"MaxRecvDataSegmentLength", "511"}, {"InitialR2T", "Perhaps"},
                               {"HeaderDigest", "MD5"}, {"FirstBurstLength", "-1"}}) {
        edit_response([&, name = name, value = value](auto& header, std::string& text) {
            if ((header.flags & 0x0c) == 0x04) text = fake::join_keys({{name, value}});
        });
        EXPECT_EQ(try_open(), &san::kLoginProtocol) << name;
    }
}

TEST_F(IscsiLogin, RefusesMalformedTexts) {
    for (std::string bad : {std::string("NoEqualsSign\0", 13), std::string("=value\0", 7),
                            std::string(70, 'k') + "=1", std::string("\xff\xfe\x01")}) {
        edit_response([&](auto&, std::string& text) { text = bad; });
        EXPECT_EQ(try_open(), &san::kLoginProtocol);
    }
}

TEST_F(IscsiLogin, RefusesStagesThatItDidNotAskFor) {
    for (std::uint8_t flags : {0x83, 0x87, 0x80, 0xc1, 0x04}) {
        edit_response([flags](auto& header, std::string&) { header.flags = flags; });
        EXPECT_EQ(try_open(), &san::kLoginProtocol) << int{flags};
    }
}

TEST_F(IscsiLogin, RefusesATransitBeforeChapIsDone) {
    use_chap();
    edit_response([](auto& header, std::string&) { header.flags = 0x81; });
    EXPECT_EQ(try_open(), &san::kLoginProtocol);
}

TEST_F(IscsiLogin, EndsALoginThatTurnsInCircles) {
    edit_response([](auto& header, std::string& text) {
        header.flags &= 0x0c;
        text.clear();
    });
    EXPECT_EQ(try_open(), &san::kLoginEndless);
}

TEST_F(IscsiLogin, EndsATextWithoutEnd) {
    edit_response([](auto& header, std::string& text) {
        header.flags = san::kLoginContinue;
        text.assign(8000, 'x');
    });
    EXPECT_EQ(try_open(), &san::kLoginProtocol);
}

TEST_F(IscsiLogin, RefusesASegmentLongerThanTheDefault) {
    edit_response([](auto&, std::string& text) { text.resize(8193); });
    EXPECT_EQ(try_open(), &san::kSegmentTooLong);
}

TEST_F(IscsiLogin, RefusesOtherPdusBeforeTheLoginIsDone) {
    target.on_pdu = [](Connection& connection, const Pdu&) {
        connection.reply(san::NopInHeader{});
        return true;
    };
    EXPECT_EQ(try_open(), &san::kUnexpectedPdu);
}

TEST_F(IscsiLogin, TimesOutWhenTheTargetSaysNothing) {
    target.hang = true;
    EXPECT_EQ(try_open(), &san::kLoginTimedOut);
}

TEST_F(IscsiLogin, WorksByteByByte) {
    target.pipe_piece = 1;
    target.pipe_capacity = 7;
    use_mutual_chap();
    open();
    expect_reads();
    expect_writes();
}

}  // namespace
