BEGIN TRANSACTION;
CREATE TABLE accounts (
        id TEXT NOT NULL, username TEXT NOT NULL UNIQUE, name TEXT NOT NULL,
        role TEXT NOT NULL, center TEXT NOT NULL, disabled BOOLEAN NOT NULL,
        password_hash TEXT NOT NULL, created_at TEXT NOT NULL, PRIMARY KEY (id));
CREATE TABLE centers (
        code TEXT NOT NULL, name TEXT NOT NULL, level TEXT NOT NULL, parent TEXT,
        initials TEXT NOT NULL, place INTEGER NOT NULL, PRIMARY KEY (code));
CREATE TABLE checkpoints (
        seq INTEGER NOT NULL, hash TEXT NOT NULL, at TEXT NOT NULL, key TEXT NOT NULL,
        signature TEXT NOT NULL, PRIMARY KEY (seq));
INSERT INTO "checkpoints" VALUES(53,'5125b7e9d67821d8984574053e7b949dc8a50b9bfb7309506fcb735306c56038','2026-11-28T21:01:29.631421Z','ff62032e1dc906ab','1ae1d2c7493fb7ab710995e294e76f470f66ba9fab16501b6bd72a18eb0d2575f24d1c5322c5b9cda57ce3d8cf38e410995dec887d6c0f960247dfff51d51203');
CREATE TABLE commands (
        account TEXT NOT NULL, id TEXT NOT NULL, digest TEXT NOT NULL,
        seq INTEGER NOT NULL, first_seq INTEGER, at TEXT NOT NULL, PRIMARY KEY (account, id));
INSERT INTO "commands" VALUES('a_000000000eader06x0','c1','480c35e8fd996948e21290df8b20785a813064b83b86d45d1fc1a0578d002610',2,1,'2026-11-28T21:01:29.560112Z');
INSERT INTO "commands" VALUES('a_000000000eader06x0','c2','b76a2cc2f9940fac0af9dd483c53ad28c508c08467f76c2e1280d453c6b5aefb',3,3,'2026-11-28T21:01:29.562128Z');
INSERT INTO "commands" VALUES('a_0000000eader0682x0','c3','b76a2cc2f9940fac0af9dd483c53ad28c508c08467f76c2e1280d453c6b5aefb',4,4,'2026-11-28T21:01:29.564217Z');
INSERT INTO "commands" VALUES('a_stat10n068211521x0','c4','b76a2cc2f9940fac0af9dd483c53ad28c508c08467f76c2e1280d453c6b5aefb',5,5,'2026-11-28T21:01:29.565251Z');
INSERT INTO "commands" VALUES('system','c5','763c05ae1afa18578d79702883b4b7cf8e375984245bdfb9d5e953bcee8b7c79',6,6,'2026-11-28T21:01:29.567869Z');
INSERT INTO "commands" VALUES('a_stat10n068211521x0','c6','d9af52119f0a1afeee6b6d241c850fd62f61a87cad89db76a5831b05e46c0db0',7,7,'2026-11-28T21:01:29.569062Z');
INSERT INTO "commands" VALUES('a_000000000eader06x0','c7','af297213d16e388339f143bcdc4b36592c7e2372a85836860550de09b1bde9be',8,8,'2026-11-28T21:01:29.570256Z');
INSERT INTO "commands" VALUES('a_000000000eader06x0','c8','26985772b9262bf08654ce21d23bb2da292f14d6876cb6f68510a2eb97ac790b',9,9,'2026-11-28T21:01:29.571445Z');
INSERT INTO "commands" VALUES('a_000000000eader06x0','c9','0d8a3085d4c59d84e0813a07097379816bfef8598be508c3a0239547055ad0cf',10,10,'2026-11-28T21:01:29.572955Z');
INSERT INTO "commands" VALUES('a_stat10n068211521x0','c10','24cfb99d15f271741831f2b288be44b7c983554b6667bb1d1529f27d0f49b21e',11,11,'2026-11-28T21:01:29.574456Z');
INSERT INTO "commands" VALUES('a_stat10n068211521x0','c11','b29c1ee85a47f87ca39839df8c24d8c68b5711817e091b1fabc03adde733e5b7',12,12,'2026-11-28T21:01:29.575731Z');
INSERT INTO "commands" VALUES('a_000000000eader06x0','c12','270ab543bbb45a7969aa665aa36abffe53f4d757c542e5de436c99811d8536e0',13,13,'2026-11-28T21:01:29.577176Z');
INSERT INTO "commands" VALUES('a_000000000c0erk06x0','c13','f21853b5bd04fc4afcf4c3baa403f0a3d35ba9ba3a4133b0edcec69dd6f0462e',14,14,'2026-11-28T21:01:29.581079Z');
INSERT INTO "commands" VALUES('a_000000000eader06x0','c14','e12ff678ca508bfeae6037338206674f870e0bfeea55c76ddb04118bbcdf03a7',15,15,'2026-11-28T21:01:29.582416Z');
INSERT INTO "commands" VALUES('a_stat10n068211521x0','c15','aa9107eca8cc274ae21f45458fcc60ebe9f8b78929ba2ca769c120babe089d87',16,16,'2026-11-28T21:01:29.583988Z');
INSERT INTO "commands" VALUES('a_stat10n068211521x0','c16','30aeefec74e6e762f903d4b91972c7599ef79d5b267fdc694969a84ea61dff69',18,17,'2026-11-28T21:01:29.585380Z');
INSERT INTO "commands" VALUES('system','c17','d9f5004f2cf91b8fcffc22fdda5b5fa999fdcf365f256bc2d4cef24f96f699ee',19,19,'2026-11-28T21:01:29.587051Z');
INSERT INTO "commands" VALUES('a_000000000eader06x0','c18','32c76e2b986d7f4e844635e478673c24a022b38db69badd90ade9342aafe0c2d',21,20,'2026-11-28T21:01:29.588213Z');
INSERT INTO "commands" VALUES('a_000000000eader06x0','c19','480c35e8fd996948e21290df8b20785a813064b83b86d45d1fc1a0578d002610',23,22,'2026-11-28T21:01:29.589636Z');
INSERT INTO "commands" VALUES('a_000000000eader06x0','c20','e268aeccf90a1cacbf425bc92f9678a633f142eab4c3d405059b07f30a71818d',24,24,'2026-11-28T21:01:29.590967Z');
INSERT INTO "commands" VALUES('a_0000000eader0682x0','c21','e268aeccf90a1cacbf425bc92f9678a633f142eab4c3d405059b07f30a71818d',25,25,'2026-11-28T21:01:29.592079Z');
INSERT INTO "commands" VALUES('a_stat10n068211521x0','c22','e268aeccf90a1cacbf425bc92f9678a633f142eab4c3d405059b07f30a71818d',26,26,'2026-11-28T21:01:29.593101Z');
INSERT INTO "commands" VALUES('system','c23','4aeb9fd3e4b44115e6da44e1f0b603281d225f2fb25bf78bb3364bc540ef03f8',27,27,'2026-11-28T21:01:29.595710Z');
INSERT INTO "commands" VALUES('a_stat10n068211521x0','c24','36d5cfec6ae6bb0e416d1a2e8ed1ce337651a2af4d5cbd0b4b127675a58c6e88',28,28,'2026-11-28T21:01:29.597120Z');
INSERT INTO "commands" VALUES('a_000000000eader06x0','c25','90669b337c74ecf522b8a12f077795efa8e70ed7805e0d2af8b2acb52d984bb4',29,29,'2026-11-28T21:01:29.598386Z');
INSERT INTO "commands" VALUES('a_000000000eader06x0','c26','48bdebc90b618eee1dd957d6fdff88a62ca48a7b89407b059a0abb7ae4d2988e',30,30,'2026-11-28T21:01:29.599671Z');
INSERT INTO "commands" VALUES('a_000000000eader06x0','c27','948f94d81e6074437c7f7a5b6f687ecf1643b88fb0f45101cf0676c21a58a4af',31,31,'2026-11-28T21:01:29.603270Z');
INSERT INTO "commands" VALUES('a_stat10n068211521x0','c28','72ab21d05ab40e930984461c63d452e2e00763f1780b0acb7a0dca78aa99746d',32,32,'2026-11-28T21:01:29.604841Z');
INSERT INTO "commands" VALUES('a_stat10n068211521x0','c29','3d49c1ee82905472dc9f534b2f16d7c2e02fc8a4e89f62999ae9decc82a170c0',33,33,'2026-11-28T21:01:29.605879Z');
INSERT INTO "commands" VALUES('a_000000000eader06x0','c30','7652b0953f05e397f1f4034bffcd88052d6fc0941f15c237ea56559b2ab109ed',34,34,'2026-11-28T21:01:29.606971Z');
INSERT INTO "commands" VALUES('a_000000000c0erk06x0','c31','14ca0cfe9e35f7d5ffd6d6782eae94e5a0e0aa4fc5e87b31410ae6e8d02d8770',35,35,'2026-11-28T21:01:29.608238Z');
INSERT INTO "commands" VALUES('a_000000000eader06x0','c32','2c21e729db5ab66cf4456ace6a53c5565f3e8aaa1e00789e0d9714cfef249d5f',36,36,'2026-11-28T21:01:29.609742Z');
INSERT INTO "commands" VALUES('a_stat10n068211521x0','c33','8cd8ef1f38a07b37800e4f214140631f1f866f53a99284dfba5de98485cf658f',37,37,'2026-11-28T21:01:29.610823Z');
INSERT INTO "commands" VALUES('a_stat10n068211521x0','c34','cfad9103f21046c3b1b074937d5fa6c0d3240ce1fc16147b4974262227e9bff0',39,38,'2026-11-28T21:01:29.612066Z');
INSERT INTO "commands" VALUES('system','c35','046373b5cb88850e8470a1d5c983dd3e091058cd9fb286907695b7efbf20f324',40,40,'2026-11-28T21:01:29.613373Z');
INSERT INTO "commands" VALUES('a_stat10n0682115001x','c36','54e09d1f1a5a36aca4a6824979e711fad1c400f24ce39651e400e4d5bed86541',41,41,'2026-11-28T21:01:29.614763Z');
INSERT INTO "commands" VALUES('a_000000000eader06x0','c37','ee0481fb004f0f28f72c1bd60da59905c8ff9e6c45770da9cfaadedc0d595120',42,42,'2026-11-28T21:01:29.615897Z');
INSERT INTO "commands" VALUES('a_stat10n068211521x0','c38','b2a9095eb2d0c3cba0a8f6366feef73a90751d72859456f9e8aeba63d5aa1097',43,43,'2026-11-28T21:01:29.617046Z');
INSERT INTO "commands" VALUES('a_0000000eader0682x0','c39','b2a9095eb2d0c3cba0a8f6366feef73a90751d72859456f9e8aeba63d5aa1097',44,44,'2026-11-28T21:01:29.618766Z');
INSERT INTO "commands" VALUES('a_0000000eader0682x0','c40','7db004cf9a4d167ba0a7a16089604693df8467333f76e94deb4b9956435bc935',45,45,'2026-11-28T21:01:29.620037Z');
INSERT INTO "commands" VALUES('a_stat10n068211521x0','c41','e268aeccf90a1cacbf425bc92f9678a633f142eab4c3d405059b07f30a71818d',46,46,'2026-11-28T21:01:29.621528Z');
INSERT INTO "commands" VALUES('a_000000000eader06x0','c42','90669b337c74ecf522b8a12f077795efa8e70ed7805e0d2af8b2acb52d984bb4',47,47,'2026-11-28T21:01:29.622857Z');
INSERT INTO "commands" VALUES('a_000000000eader06x0','c43','22513da4f7f2a70c1bbdf23d5b49a17ce0b31a3052ae9e68edc92ec2c761553d',48,48,'2026-11-28T21:01:29.626382Z');
INSERT INTO "commands" VALUES('a_000000000eader06x0','c44','26f499166f89d9d9607b0442409c29ea1a77455b2a763a06ca390f7fe5cbf81c',50,49,'2026-11-28T21:01:29.627464Z');
INSERT INTO "commands" VALUES('a_000000000eader06x0','c45','1e0c3a95d1df91c24aef6b51d50bdcead896899dbcbe8dc5decfea2254f94d58',51,51,'2026-11-28T21:01:29.628534Z');
INSERT INTO "commands" VALUES('a_000000000eader06x0','c46','255968cd73e3c74da44fca29e7621470091525c5a3e274e65e785888922edf0f',52,52,'2026-11-28T21:01:29.629559Z');
INSERT INTO "commands" VALUES('a_000000000c0erk06x0','c47','ccced23557fbc6c7a4caa4cdc4769f00f65c3885af805b1dc8ab4c455d2282d8',53,53,'2026-11-28T21:01:29.630614Z');
CREATE TABLE decisions (
        id TEXT NOT NULL, seq INTEGER NOT NULL, meeting TEXT, text TEXT NOT NULL,
        by TEXT NOT NULL, center TEXT NOT NULL, at TEXT NOT NULL, shared BOOLEAN NOT NULL,
        PRIMARY KEY (id));
INSERT INTO "decisions" VALUES('d_01m8hzd2k9333btkzv',13,'m_01m8hzd2jqxaawjrv2','转移低洼群众','{"account":"a_000000000eader06x0","center":"430600000000","center_name":"岳阳市","name":"岳阳市leader"}','430600000000','2026-11-28T21:01:29.577082Z',1);
INSERT INTO "decisions" VALUES('d_01m8hzd2m6924hmwqb',34,'m_01m8hzd2knz2qmsjae','转移低洼群众','{"account":"a_000000000eader06x0","center":"430600000000","center_name":"岳阳市","name":"岳阳市leader"}','430600000000','2026-11-28T21:01:29.606905Z',1);
CREATE TABLE entries (
        seq INTEGER NOT NULL, at TEXT NOT NULL, account TEXT NOT NULL,
        center TEXT NOT NULL, kind TEXT NOT NULL, meeting TEXT, audience TEXT NOT NULL,
        data TEXT NOT NULL, alg TEXT NOT NULL, prev TEXT NOT NULL, hash TEXT NOT NULL,
        PRIMARY KEY (seq));
INSERT INTO "entries" VALUES(1,'2026-11-28T21:01:29.559788Z','a_000000000eader06x0','430600000000','meeting.opened','m_01m8hzd2jqxaawjrv2','["meeting"]','{"centers":["430600000000","430682000000","430682115210"],"chair":{"center":"430600000000","center_name":"岳阳市","id":"a_000000000eader06x0","level":"city","name":"岳阳市leader","role":"leader"},"kind":"dispatch","record":true,"title":"防汛调度"}','sha256','0000000000000000000000000000000000000000000000000000000000000000','c10116b2d4c89dfdc17bcfabb705808a701fd0becaaff7715eacd5cc540b3fb7');
INSERT INTO "entries" VALUES(2,'2026-11-28T21:01:29.559788Z','a_000000000eader06x0','430600000000','recording.started','m_01m8hzd2jqxaawjrv2','["meeting"]','{"recording":"r_01m8hzd2jqgpyqrk8h"}','sha256','c10116b2d4c89dfdc17bcfabb705808a701fd0becaaff7715eacd5cc540b3fb7','d9e9fb051a1f71b1c3fee9df91f454740ff86593e742a8be631ee176f75ee36e');
INSERT INTO "entries" VALUES(3,'2026-11-28T21:01:29.562049Z','a_000000000eader06x0','430600000000','meeting.joined','m_01m8hzd2jqxaawjrv2','["meeting"]','{"participant":{"center":"430600000000","center_name":"岳阳市","id":"a_000000000eader06x0","level":"city","name":"岳阳市leader","role":"leader"}}','sha256','d9e9fb051a1f71b1c3fee9df91f454740ff86593e742a8be631ee176f75ee36e','23a8627e506462ab4cc1628ebd32b9c47aa9802a4a5c6e16388e4d3c43d93f7a');
INSERT INTO "entries" VALUES(4,'2026-11-28T21:01:29.564151Z','a_0000000eader0682x0','430682000000','meeting.joined','m_01m8hzd2jqxaawjrv2','["meeting"]','{"participant":{"center":"430682000000","center_name":"临湘市","id":"a_0000000eader0682x0","level":"county","name":"临湘市leader","role":"leader"}}','sha256','23a8627e506462ab4cc1628ebd32b9c47aa9802a4a5c6e16388e4d3c43d93f7a','396eea42a8f8812594983f30c8b405c049603e84b78d0909653a433da92ea385');
INSERT INTO "entries" VALUES(5,'2026-11-28T21:01:29.565192Z','a_stat10n068211521x0','430682115210','meeting.joined','m_01m8hzd2jqxaawjrv2','["meeting"]','{"participant":{"center":"430682115210","center_name":"坦渡村","id":"a_stat10n068211521x0","level":"village","name":"坦渡村station","role":"station"}}','sha256','396eea42a8f8812594983f30c8b405c049603e84b78d0909653a433da92ea385','47f082df9c7717c1588333d3108d9c1c6cd41e5c4f96eff0f947522b8e33cbfc');
INSERT INTO "entries" VALUES(6,'2026-11-28T21:01:29.567779Z','system','','recording.part_opened','m_01m8hzd2jqxaawjrv2','["meeting"]','{"center":"430682115210","file":"m_01m8hzd2jqxaawjrv2/p_01m8hzd2jxc1np7s98.webm","name":"坦渡村","part":"p_01m8hzd2jxc1np7s98","participant":"a_stat10n068211521x0","recording":"r_01m8hzd2jqgpyqrk8h","started_at":"2026-11-28T21:01:29.567191Z","tracks":[{"codec":"vp8","kind":"video"},{"codec":"opus","kind":"audio"}]}','sha256','47f082df9c7717c1588333d3108d9c1c6cd41e5c4f96eff0f947522b8e33cbfc','ee440a8d70c7861f3234319c0d3dcdb1c53c1ac24aa4f08cbf74331a0ccfc3fb');
INSERT INTO "entries" VALUES(7,'2026-11-28T21:01:29.568975Z','a_stat10n068211521x0','430682115210','report.filed','m_01m8hzd2jqxaawjrv2','["meeting","center:430682115210"]','{"center":"430682115210","name":"坦渡村","report":"e_01m8hzd2k0rgr4jvgj","situation":"abnormal","text":"水位上涨 100%,请求_增援"}','sha256','ee440a8d70c7861f3234319c0d3dcdb1c53c1ac24aa4f08cbf74331a0ccfc3fb','5ead32f4bfd6a994c2a6421065fff9cce0b8b6630e6c35218be8471ac96a9d4b');
INSERT INTO "entries" VALUES(8,'2026-11-28T21:01:29.570192Z','a_000000000eader06x0','430600000000','stage.broadcast','m_01m8hzd2jqxaawjrv2','["meeting"]','{"participant":"a_stat10n068211521x0"}','sha256','5ead32f4bfd6a994c2a6421065fff9cce0b8b6630e6c35218be8471ac96a9d4b','a4e0965f40c9594d91f20938e93d3dc64fc66a596529bd112b6271761e35a974');
INSERT INTO "entries" VALUES(9,'2026-11-28T21:01:29.571389Z','a_000000000eader06x0','430600000000','participant.muted','m_01m8hzd2jqxaawjrv2','["meeting"]','{"participant":"a_stat10n068211521x0"}','sha256','a4e0965f40c9594d91f20938e93d3dc64fc66a596529bd112b6271761e35a974','d101b2d12da13a2dfb9566ea46af688c901892e6ff6bd1ddc5163c2d17139676');
INSERT INTO "entries" VALUES(10,'2026-11-28T21:01:29.572838Z','a_000000000eader06x0','430600000000','order.issued','m_01m8hzd2jqxaawjrv2','["center:430600000000","center:430682115210","center:430682115001"]','{"due":null,"issuer":{"account":"a_000000000eader06x0","center":"430600000000","center_name":"岳阳市","name":"岳阳市leader"},"order":"o_01m8hzd2k4t3wj6gp7","priority":"urgent","targets":[{"center":"430682115210","name":"坦渡村"},{"center":"430682115001","name":"长岭社区"}],"text":"加强巡查"}','sha256','d101b2d12da13a2dfb9566ea46af688c901892e6ff6bd1ddc5163c2d17139676','a172ab30ce406ba911035d33cb7de336292c285039311acc26ad73780e835802');
INSERT INTO "entries" VALUES(11,'2026-11-28T21:01:29.574395Z','a_stat10n068211521x0','430682115210','order.signed','m_01m8hzd2jqxaawjrv2','["center:430600000000","center:430682115210"]','{"account_name":"坦渡村station","center":"430682115210","name":"坦渡村","order":"o_01m8hzd2k4t3wj6gp7"}','sha256','a172ab30ce406ba911035d33cb7de336292c285039311acc26ad73780e835802','dd3e63c7040e3ff81f3d835fdb89c687f2815db68c23edc70fc183554d35061a');
INSERT INTO "entries" VALUES(12,'2026-11-28T21:01:29.575665Z','a_stat10n068211521x0','430682115210','order.progressed','m_01m8hzd2jqxaawjrv2','["center:430600000000","center:430682115210"]','{"account_name":"坦渡村station","center":"430682115210","name":"坦渡村","order":"o_01m8hzd2k4t3wj6gp7","percent":40,"text":"正在巡查北堤"}','sha256','dd3e63c7040e3ff81f3d835fdb89c687f2815db68c23edc70fc183554d35061a','0a3f227e7a0fdca33308ccd56f90289f11e3dff494ed5904a1184f5748445dda');
INSERT INTO "entries" VALUES(13,'2026-11-28T21:01:29.577082Z','a_000000000eader06x0','430600000000','decision.recorded','m_01m8hzd2jqxaawjrv2','["meeting"]','{"by":{"account":"a_000000000eader06x0","center":"430600000000","center_name":"岳阳市","name":"岳阳市leader"},"decision":"d_01m8hzd2k9333btkzv","text":"转移低洼群众"}','sha256','0a3f227e7a0fdca33308ccd56f90289f11e3dff494ed5904a1184f5748445dda','04c8e2bdb1a882be1fa703ceaa9d3517074a4af68d53fde1e1449440dbf078d0');
INSERT INTO "entries" VALUES(14,'2026-11-28T21:01:29.580977Z','a_000000000c0erk06x0','430600000000','note.added','m_01m8hzd2jqxaawjrv2','["meeting"]','{"at":null,"by":{"account":"a_000000000c0erk06x0","center":"430600000000","center_name":"岳阳市","name":"岳阳市clerk"},"note":"n_01m8hzd2kcrt24ynys","text":"会议要点"}','sha256','04c8e2bdb1a882be1fa703ceaa9d3517074a4af68d53fde1e1449440dbf078d0','eb432cea5713c487b95a58049d55bf4812a9d2fa6a51449810ff88ec043f8e3d');
INSERT INTO "entries" VALUES(15,'2026-11-28T21:01:29.582361Z','a_000000000eader06x0','430600000000','participant.unmuted','m_01m8hzd2jqxaawjrv2','["meeting"]','{"participant":"a_stat10n068211521x0"}','sha256','eb432cea5713c487b95a58049d55bf4812a9d2fa6a51449810ff88ec043f8e3d','993fd3c53641b2747aff904ae079ef332d4eae5a0d84754bffdfbc761d02294a');
INSERT INTO "entries" VALUES(16,'2026-11-28T21:01:29.583914Z','a_stat10n068211521x0','430682115210','order.completed','m_01m8hzd2jqxaawjrv2','["center:430600000000","center:430682115210"]','{"account_name":"坦渡村station","center":"430682115210","name":"坦渡村","order":"o_01m8hzd2k4t3wj6gp7","text":"北堤完好"}','sha256','993fd3c53641b2747aff904ae079ef332d4eae5a0d84754bffdfbc761d02294a','e8445c35d640a813d6a5305bf53783a2b87be785ac76775cd98199f97f1d6bf8');
INSERT INTO "entries" VALUES(17,'2026-11-28T21:01:29.585277Z','a_stat10n068211521x0','430682115210','meeting.left','m_01m8hzd2jqxaawjrv2','["meeting"]','{"participant":"a_stat10n068211521x0"}','sha256','e8445c35d640a813d6a5305bf53783a2b87be785ac76775cd98199f97f1d6bf8','4c18f3c94203107c10001de87a173782032f3676207e4e3505e3e8209f9a3660');
INSERT INTO "entries" VALUES(18,'2026-11-28T21:01:29.585277Z','a_stat10n068211521x0','430682115210','stage.broadcast','m_01m8hzd2jqxaawjrv2','["meeting"]','{"participant":null}','sha256','4c18f3c94203107c10001de87a173782032f3676207e4e3505e3e8209f9a3660','973f029267a22f3507bc00e1b4d430aaadf5469494057e3c8a27d20b35e33458');
INSERT INTO "entries" VALUES(19,'2026-11-28T21:01:29.586987Z','system','','recording.part_closed','m_01m8hzd2jqxaawjrv2','["meeting"]','{"bytes":17000,"duration_ms":12345,"part":"p_01m8hzd2jxc1np7s98","recording":"r_01m8hzd2jqgpyqrk8h","sha256":"dcad3f642caaca81a7deb77e18c377a6b81b0275cccb2914798d801d2a5987b0"}','sha256','973f029267a22f3507bc00e1b4d430aaadf5469494057e3c8a27d20b35e33458','863de51b1119298de1aae15ad3465f03d5a5a898883a433c3a8adccf0c3b4d3f');
INSERT INTO "entries" VALUES(20,'2026-11-28T21:01:29.588149Z','a_000000000eader06x0','430600000000','recording.stopped','m_01m8hzd2jqxaawjrv2','["meeting"]','{"recording":"r_01m8hzd2jqgpyqrk8h"}','sha256','863de51b1119298de1aae15ad3465f03d5a5a898883a433c3a8adccf0c3b4d3f','2b693885c8976245e094e52b4970c034252f3db5294e141df07180307e3fb723');
INSERT INTO "entries" VALUES(21,'2026-11-28T21:01:29.588149Z','a_000000000eader06x0','430600000000','meeting.ended','m_01m8hzd2jqxaawjrv2','["meeting"]','{}','sha256','2b693885c8976245e094e52b4970c034252f3db5294e141df07180307e3fb723','cea43bc6282fd00eb8b7993a343f62c4c05d10b006937bd5b8edbfedc9ae7943');
INSERT INTO "entries" VALUES(22,'2026-11-28T21:01:29.589502Z','a_000000000eader06x0','430600000000','meeting.opened','m_01m8hzd2knz2qmsjae','["meeting"]','{"centers":["430600000000","430682000000","430682115210"],"chair":{"center":"430600000000","center_name":"岳阳市","id":"a_000000000eader06x0","level":"city","name":"岳阳市leader","role":"leader"},"kind":"dispatch","record":true,"title":"防汛调度"}','sha256','cea43bc6282fd00eb8b7993a343f62c4c05d10b006937bd5b8edbfedc9ae7943','d36c2b3d548a41361cd988adb639944e898bdbdf32bc9f0d4be8772766ce6ffa');
INSERT INTO "entries" VALUES(23,'2026-11-28T21:01:29.589502Z','a_000000000eader06x0','430600000000','recording.started','m_01m8hzd2knz2qmsjae','["meeting"]','{"recording":"r_01m8hzd2knz29jkhay"}','sha256','d36c2b3d548a41361cd988adb639944e898bdbdf32bc9f0d4be8772766ce6ffa','5ff1f78a2bf49a549b5045f9647a65f85fbe3770e1f2fa2e463331d7f549c9d2');
INSERT INTO "entries" VALUES(24,'2026-11-28T21:01:29.590910Z','a_000000000eader06x0','430600000000','meeting.joined','m_01m8hzd2knz2qmsjae','["meeting"]','{"participant":{"center":"430600000000","center_name":"岳阳市","id":"a_000000000eader06x0","level":"city","name":"岳阳市leader","role":"leader"}}','sha256','5ff1f78a2bf49a549b5045f9647a65f85fbe3770e1f2fa2e463331d7f549c9d2','63e77da196bd122f807d4cb0b06ebb1c57021c59d85290f0f42e91c95c99c67c');
INSERT INTO "entries" VALUES(25,'2026-11-28T21:01:29.592023Z','a_0000000eader0682x0','430682000000','meeting.joined','m_01m8hzd2knz2qmsjae','["meeting"]','{"participant":{"center":"430682000000","center_name":"临湘市","id":"a_0000000eader0682x0","level":"county","name":"临湘市leader","role":"leader"}}','sha256','63e77da196bd122f807d4cb0b06ebb1c57021c59d85290f0f42e91c95c99c67c','1fe5c2cc17b982b48cee0a5f759082a05b4719ceaa30eda8c64adf3e2318d083');
INSERT INTO "entries" VALUES(26,'2026-11-28T21:01:29.593048Z','a_stat10n068211521x0','430682115210','meeting.joined','m_01m8hzd2knz2qmsjae','["meeting"]','{"participant":{"center":"430682115210","center_name":"坦渡村","id":"a_stat10n068211521x0","level":"village","name":"坦渡村station","role":"station"}}','sha256','1fe5c2cc17b982b48cee0a5f759082a05b4719ceaa30eda8c64adf3e2318d083','af7230f79b6c8e13694daf1a71903052cfb43446a2203354e997fefffa2cdd82');
INSERT INTO "entries" VALUES(27,'2026-11-28T21:01:29.595619Z','system','','recording.part_opened','m_01m8hzd2knz2qmsjae','["meeting"]','{"center":"430682115210","file":"m_01m8hzd2knz2qmsjae/p_01m8hzd2kszbwq7j3x.webm","name":"坦渡村","part":"p_01m8hzd2kszbwq7j3x","participant":"a_stat10n068211521x0","recording":"r_01m8hzd2knz29jkhay","started_at":"2026-11-28T21:01:29.594922Z","tracks":[{"codec":"vp8","kind":"video"},{"codec":"opus","kind":"audio"}]}','sha256','af7230f79b6c8e13694daf1a71903052cfb43446a2203354e997fefffa2cdd82','addd395a02e248f2d201ce1ddc35515a125461501862d3b41e01a0bc38339eb8');
INSERT INTO "entries" VALUES(28,'2026-11-28T21:01:29.597043Z','a_stat10n068211521x0','430682115210','report.filed','m_01m8hzd2knz2qmsjae','["meeting","center:430682115210"]','{"center":"430682115210","name":"坦渡村","report":"e_01m8hzd2kx2wbryvyy","situation":"abnormal","text":"水位上涨 100%,请求_增援"}','sha256','addd395a02e248f2d201ce1ddc35515a125461501862d3b41e01a0bc38339eb8','d34565ace79d6b8c810715dea40e572f4f6b8ab3edfee7553c792cf5e0c13dbf');
INSERT INTO "entries" VALUES(29,'2026-11-28T21:01:29.598317Z','a_000000000eader06x0','430600000000','stage.broadcast','m_01m8hzd2knz2qmsjae','["meeting"]','{"participant":"a_stat10n068211521x0"}','sha256','d34565ace79d6b8c810715dea40e572f4f6b8ab3edfee7553c792cf5e0c13dbf','65106105edac4575c75ee2f17dd0b4aaa694243881417d3e2a3b81318dcf28ad');
INSERT INTO "entries" VALUES(30,'2026-11-28T21:01:29.599598Z','a_000000000eader06x0','430600000000','participant.muted','m_01m8hzd2knz2qmsjae','["meeting"]','{"participant":"a_stat10n068211521x0"}','sha256','65106105edac4575c75ee2f17dd0b4aaa694243881417d3e2a3b81318dcf28ad','f47659eb0bb71624119a5fe884fedad4c14bc96a8903ca5470a5f10933d5f71f');
INSERT INTO "entries" VALUES(31,'2026-11-28T21:01:29.603144Z','a_000000000eader06x0','430600000000','order.issued','m_01m8hzd2knz2qmsjae','["center:430600000000","center:430682115210","center:430682115001"]','{"due":null,"issuer":{"account":"a_000000000eader06x0","center":"430600000000","center_name":"岳阳市","name":"岳阳市leader"},"order":"o_01m8hzd2m3qmwvdv8a","priority":"urgent","targets":[{"center":"430682115210","name":"坦渡村"},{"center":"430682115001","name":"长岭社区"}],"text":"加强巡查"}','sha256','f47659eb0bb71624119a5fe884fedad4c14bc96a8903ca5470a5f10933d5f71f','c8339cf46944ea5bc6285f537017c70a58c3dc1670111a69a5ab87f367656b0c');
INSERT INTO "entries" VALUES(32,'2026-11-28T21:01:29.604753Z','a_stat10n068211521x0','430682115210','order.signed','m_01m8hzd2knz2qmsjae','["center:430600000000","center:430682115210"]','{"account_name":"坦渡村station","center":"430682115210","name":"坦渡村","order":"o_01m8hzd2m3qmwvdv8a"}','sha256','c8339cf46944ea5bc6285f537017c70a58c3dc1670111a69a5ab87f367656b0c','617bd5c9b17abb612cf5b5370a618ca764b9393238adf20e504f81023540542f');
INSERT INTO "entries" VALUES(33,'2026-11-28T21:01:29.605818Z','a_stat10n068211521x0','430682115210','order.progressed','m_01m8hzd2knz2qmsjae','["center:430600000000","center:430682115210"]','{"account_name":"坦渡村station","center":"430682115210","name":"坦渡村","order":"o_01m8hzd2m3qmwvdv8a","percent":40,"text":"正在巡查北堤"}','sha256','617bd5c9b17abb612cf5b5370a618ca764b9393238adf20e504f81023540542f','d7e78de3a44fdfe22740c8b2d827c62865a2086f434e5e93f594f6e3002cf17f');
INSERT INTO "entries" VALUES(34,'2026-11-28T21:01:29.606905Z','a_000000000eader06x0','430600000000','decision.recorded','m_01m8hzd2knz2qmsjae','["meeting"]','{"by":{"account":"a_000000000eader06x0","center":"430600000000","center_name":"岳阳市","name":"岳阳市leader"},"decision":"d_01m8hzd2m6924hmwqb","text":"转移低洼群众"}','sha256','d7e78de3a44fdfe22740c8b2d827c62865a2086f434e5e93f594f6e3002cf17f','5b8bc6c9df3ac45d7527634b787b673193527e1927ab783f8fbfc5aca625086a');
INSERT INTO "entries" VALUES(35,'2026-11-28T21:01:29.608121Z','a_000000000c0erk06x0','430600000000','note.added','m_01m8hzd2knz2qmsjae','["meeting"]','{"at":null,"by":{"account":"a_000000000c0erk06x0","center":"430600000000","center_name":"岳阳市","name":"岳阳市clerk"},"note":"n_01m8hzd2m80t6wa2rx","text":"会议要点"}','sha256','5b8bc6c9df3ac45d7527634b787b673193527e1927ab783f8fbfc5aca625086a','edee31ea54cd6d4ce6d1c11c7ed6b19772a89d7f724c52e7100520182414b908');
INSERT INTO "entries" VALUES(36,'2026-11-28T21:01:29.609692Z','a_000000000eader06x0','430600000000','participant.unmuted','m_01m8hzd2knz2qmsjae','["meeting"]','{"participant":"a_stat10n068211521x0"}','sha256','edee31ea54cd6d4ce6d1c11c7ed6b19772a89d7f724c52e7100520182414b908','2cb59baa8df849f4c39711c45aeb1221ce794ba8b9bf5f98bc45a53275e8ca35');
INSERT INTO "entries" VALUES(37,'2026-11-28T21:01:29.610760Z','a_stat10n068211521x0','430682115210','order.completed','m_01m8hzd2knz2qmsjae','["center:430600000000","center:430682115210"]','{"account_name":"坦渡村station","center":"430682115210","name":"坦渡村","order":"o_01m8hzd2m3qmwvdv8a","text":"北堤完好"}','sha256','2cb59baa8df849f4c39711c45aeb1221ce794ba8b9bf5f98bc45a53275e8ca35','fb7780c1b4cf07e048d296220db0c7d29bd42235881124236205a63c31573291');
INSERT INTO "entries" VALUES(38,'2026-11-28T21:01:29.611997Z','a_stat10n068211521x0','430682115210','meeting.left','m_01m8hzd2knz2qmsjae','["meeting"]','{"participant":"a_stat10n068211521x0"}','sha256','fb7780c1b4cf07e048d296220db0c7d29bd42235881124236205a63c31573291','ec4779fb0438213adf252ca11b3265913bf4fc5b69e7cbe8bc39a760bfc092d7');
INSERT INTO "entries" VALUES(39,'2026-11-28T21:01:29.611997Z','a_stat10n068211521x0','430682115210','stage.broadcast','m_01m8hzd2knz2qmsjae','["meeting"]','{"participant":null}','sha256','ec4779fb0438213adf252ca11b3265913bf4fc5b69e7cbe8bc39a760bfc092d7','642dcb24e77ce43c220af34fe1242bcc4c0e680870e83660f233ca1f401b8aa3');
INSERT INTO "entries" VALUES(40,'2026-11-28T21:01:29.613283Z','system','','recording.part_closed','m_01m8hzd2knz2qmsjae','["meeting"]','{"bytes":17000,"duration_ms":12345,"part":"p_01m8hzd2kszbwq7j3x","recording":"r_01m8hzd2knz29jkhay","sha256":"dcad3f642caaca81a7deb77e18c377a6b81b0275cccb2914798d801d2a5987b0"}','sha256','642dcb24e77ce43c220af34fe1242bcc4c0e680870e83660f233ca1f401b8aa3','31c9fc6a3212528214245e33562cceb25eb7e31d13042d09075f7720836983ba');
INSERT INTO "entries" VALUES(41,'2026-11-28T21:01:29.614508Z','a_stat10n0682115001x','430682115001','report.filed',NULL,'["center:430682115001"]','{"center":"430682115001","name":"长岭社区","report":"e_01m8hzd2me2x6rxv1t","situation":"abnormal","text":"堤脚渗水，请派人"}','sha256','31c9fc6a3212528214245e33562cceb25eb7e31d13042d09075f7720836983ba','db79691b090d0aa2f3a4c9e5362e37b54a933b20ac88bf0cbb6924892502b7fb');
INSERT INTO "entries" VALUES(42,'2026-11-28T21:01:29.615800Z','a_000000000eader06x0','430600000000','order.issued',NULL,'["center:430600000000","center:430682000000","center:430682115210"]','{"due":"2030-01-01T00:00:00.000000Z","issuer":{"account":"a_000000000eader06x0","center":"430600000000","center_name":"岳阳市","name":"岳阳市leader"},"order":"o_01m8hzd2mfxxtj9qkq","priority":"critical","targets":[{"center":"430682000000","name":"临湘市"},{"center":"430682115210","name":"坦渡村"}],"text":"清点物资"}','sha256','db79691b090d0aa2f3a4c9e5362e37b54a933b20ac88bf0cbb6924892502b7fb','7e38d3f888b13a0d0ce04ca16b4cb6290444eea555af3dbadb1210cb06d9ead5');
INSERT INTO "entries" VALUES(43,'2026-11-28T21:01:29.616962Z','a_stat10n068211521x0','430682115210','order.signed',NULL,'["center:430600000000","center:430682115210"]','{"account_name":"坦渡村station","center":"430682115210","name":"坦渡村","order":"o_01m8hzd2mfxxtj9qkq"}','sha256','7e38d3f888b13a0d0ce04ca16b4cb6290444eea555af3dbadb1210cb06d9ead5','be28e57dd938152493cf4ef211d699745367ebb895b4f7cf4714c4b26a362821');
INSERT INTO "entries" VALUES(44,'2026-11-28T21:01:29.618691Z','a_0000000eader0682x0','430682000000','order.signed',NULL,'["center:430600000000","center:430682000000"]','{"account_name":"临湘市leader","center":"430682000000","name":"临湘市","order":"o_01m8hzd2mfxxtj9qkq"}','sha256','be28e57dd938152493cf4ef211d699745367ebb895b4f7cf4714c4b26a362821','bf316f7689a9ae6d7ebca831937f34ac9a1e738da29f211bc5514c658f1da252');
INSERT INTO "entries" VALUES(45,'2026-11-28T21:01:29.619953Z','a_0000000eader0682x0','430682000000','order.progressed',NULL,'["center:430600000000","center:430682000000"]','{"account_name":"临湘市leader","center":"430682000000","name":"临湘市","order":"o_01m8hzd2mfxxtj9qkq","percent":50,"text":"完成一半"}','sha256','bf316f7689a9ae6d7ebca831937f34ac9a1e738da29f211bc5514c658f1da252','bb9aad9a08242787c79ddd44bedc4ee0028980462217e652b13da6ab3c8e3d8d');
INSERT INTO "entries" VALUES(46,'2026-11-28T21:01:29.621425Z','a_stat10n068211521x0','430682115210','meeting.joined','m_01m8hzd2knz2qmsjae','["meeting"]','{"participant":{"center":"430682115210","center_name":"坦渡村","id":"a_stat10n068211521x0","level":"village","name":"坦渡村station","role":"station"}}','sha256','bb9aad9a08242787c79ddd44bedc4ee0028980462217e652b13da6ab3c8e3d8d','05aef8616a9f48e6ba85c2616e05b899d2464a7be16d3f2a8cc7b0f028d012dc');
INSERT INTO "entries" VALUES(47,'2026-11-28T21:01:29.622795Z','a_000000000eader06x0','430600000000','stage.broadcast','m_01m8hzd2knz2qmsjae','["meeting"]','{"participant":"a_stat10n068211521x0"}','sha256','05aef8616a9f48e6ba85c2616e05b899d2464a7be16d3f2a8cc7b0f028d012dc','d774050eb25f6bfdb5dcc87a78a6897740ef287e0e34dfcad85597e0b82eec60');
INSERT INTO "entries" VALUES(48,'2026-11-28T21:01:29.626322Z','a_000000000eader06x0','430600000000','participant.muted','m_01m8hzd2knz2qmsjae','["meeting"]','{"participant":"a_0000000eader0682x0"}','sha256','d774050eb25f6bfdb5dcc87a78a6897740ef287e0e34dfcad85597e0b82eec60','11dba9959eb2ec380949a4a95185f66bf85aa44de85b706bc85cece075d78066');
INSERT INTO "entries" VALUES(49,'2026-11-28T21:01:29.627394Z','a_000000000eader06x0','430600000000','participant.removed','m_01m8hzd2knz2qmsjae','["meeting"]','{"participant":"a_stat10n068211521x0","reason":"试音结束"}','sha256','11dba9959eb2ec380949a4a95185f66bf85aa44de85b706bc85cece075d78066','0953e556fc4691786ed2ab0cac09be4377ffa86bc5bbdf69d45ff03f521f1e64');
INSERT INTO "entries" VALUES(50,'2026-11-28T21:01:29.627394Z','a_000000000eader06x0','430600000000','stage.broadcast','m_01m8hzd2knz2qmsjae','["meeting"]','{"participant":null}','sha256','0953e556fc4691786ed2ab0cac09be4377ffa86bc5bbdf69d45ff03f521f1e64','886195116a749f44b18835218e68de43646efe9904fadf6042897e3c11d689bd');
INSERT INTO "entries" VALUES(51,'2026-11-28T21:01:29.628489Z','a_000000000eader06x0','430600000000','recording.stopped','m_01m8hzd2knz2qmsjae','["meeting"]','{"recording":"r_01m8hzd2knz29jkhay"}','sha256','886195116a749f44b18835218e68de43646efe9904fadf6042897e3c11d689bd','c903b229667648894e5870e5203e88d3bfc4be8f493a8044e604e79567946b3c');
INSERT INTO "entries" VALUES(52,'2026-11-28T21:01:29.629502Z','a_000000000eader06x0','430600000000','recording.started','m_01m8hzd2knz2qmsjae','["meeting"]','{"recording":"r_01m8hzd2mxwnp0jcw7"}','sha256','c903b229667648894e5870e5203e88d3bfc4be8f493a8044e604e79567946b3c','bb7c65b3b2320a57284f9348f2194f478d332c95b370cd467c67f40e214b6dad');
INSERT INTO "entries" VALUES(53,'2026-11-28T21:01:29.630542Z','a_000000000c0erk06x0','430600000000','note.added','m_01m8hzd2knz2qmsjae','["meeting"]','{"at":null,"by":{"account":"a_000000000c0erk06x0","center":"430600000000","center_name":"岳阳市","name":"岳阳市clerk"},"note":"n_01m8hzd2myn9n4ec5x","text":"转入第二阶段"}','sha256','bb7c65b3b2320a57284f9348f2194f478d332c95b370cd467c67f40e214b6dad','5125b7e9d67821d8984574053e7b949dc8a50b9bfb7309506fcb735306c56038');
CREATE TABLE marks (
        name TEXT NOT NULL, seq INTEGER NOT NULL, PRIMARY KEY (name));
INSERT INTO "marks" VALUES('projections',53);
CREATE TABLE meeting_centers (
        meeting TEXT NOT NULL, center TEXT NOT NULL, PRIMARY KEY (meeting, center));
INSERT INTO "meeting_centers" VALUES('m_01m8hzd2jqxaawjrv2','430600000000');
INSERT INTO "meeting_centers" VALUES('m_01m8hzd2jqxaawjrv2','430682000000');
INSERT INTO "meeting_centers" VALUES('m_01m8hzd2jqxaawjrv2','430682115210');
INSERT INTO "meeting_centers" VALUES('m_01m8hzd2knz2qmsjae','430600000000');
INSERT INTO "meeting_centers" VALUES('m_01m8hzd2knz2qmsjae','430682000000');
INSERT INTO "meeting_centers" VALUES('m_01m8hzd2knz2qmsjae','430682115210');
CREATE TABLE meetings (
        id TEXT NOT NULL, seq INTEGER NOT NULL, title TEXT NOT NULL, kind TEXT NOT NULL,
        state TEXT NOT NULL, chair TEXT NOT NULL, chair_center TEXT NOT NULL,
        centers TEXT NOT NULL, opened_at TEXT NOT NULL, ended_at TEXT, ended_seq INTEGER,
        record BOOLEAN NOT NULL, broadcast TEXT, PRIMARY KEY (id));
INSERT INTO "meetings" VALUES('m_01m8hzd2jqxaawjrv2',1,'防汛调度','dispatch','ended','{"center":"430600000000","center_name":"岳阳市","id":"a_000000000eader06x0","level":"city","name":"岳阳市leader","role":"leader"}','430600000000','["430600000000","430682000000","430682115210"]','2026-11-28T21:01:29.559788Z','2026-11-28T21:01:29.588149Z',21,1,NULL);
INSERT INTO "meetings" VALUES('m_01m8hzd2knz2qmsjae',22,'防汛调度','dispatch','open','{"center":"430600000000","center_name":"岳阳市","id":"a_000000000eader06x0","level":"city","name":"岳阳市leader","role":"leader"}','430600000000','["430600000000","430682000000","430682115210"]','2026-11-28T21:01:29.589502Z',NULL,NULL,1,NULL);
CREATE TABLE notes (
        id TEXT NOT NULL, seq INTEGER NOT NULL, meeting TEXT, text TEXT NOT NULL,
        by TEXT NOT NULL, center TEXT NOT NULL, at TEXT NOT NULL, shared BOOLEAN NOT NULL,
        PRIMARY KEY (id));
INSERT INTO "notes" VALUES('n_01m8hzd2kcrt24ynys',14,'m_01m8hzd2jqxaawjrv2','会议要点','{"account":"a_000000000c0erk06x0","center":"430600000000","center_name":"岳阳市","name":"岳阳市clerk"}','430600000000','2026-11-28T21:01:29.580977Z',1);
INSERT INTO "notes" VALUES('n_01m8hzd2m80t6wa2rx',35,'m_01m8hzd2knz2qmsjae','会议要点','{"account":"a_000000000c0erk06x0","center":"430600000000","center_name":"岳阳市","name":"岳阳市clerk"}','430600000000','2026-11-28T21:01:29.608121Z',1);
INSERT INTO "notes" VALUES('n_01m8hzd2myn9n4ec5x',53,'m_01m8hzd2knz2qmsjae','转入第二阶段','{"account":"a_000000000c0erk06x0","center":"430600000000","center_name":"岳阳市","name":"岳阳市clerk"}','430600000000','2026-11-28T21:01:29.630542Z',1);
CREATE TABLE order_entries (
        order_id TEXT NOT NULL, seq INTEGER NOT NULL, PRIMARY KEY (order_id, seq));
INSERT INTO "order_entries" VALUES('o_01m8hzd2k4t3wj6gp7',10);
INSERT INTO "order_entries" VALUES('o_01m8hzd2k4t3wj6gp7',11);
INSERT INTO "order_entries" VALUES('o_01m8hzd2k4t3wj6gp7',12);
INSERT INTO "order_entries" VALUES('o_01m8hzd2k4t3wj6gp7',16);
INSERT INTO "order_entries" VALUES('o_01m8hzd2m3qmwvdv8a',31);
INSERT INTO "order_entries" VALUES('o_01m8hzd2m3qmwvdv8a',32);
INSERT INTO "order_entries" VALUES('o_01m8hzd2m3qmwvdv8a',33);
INSERT INTO "order_entries" VALUES('o_01m8hzd2m3qmwvdv8a',37);
INSERT INTO "order_entries" VALUES('o_01m8hzd2mfxxtj9qkq',42);
INSERT INTO "order_entries" VALUES('o_01m8hzd2mfxxtj9qkq',43);
INSERT INTO "order_entries" VALUES('o_01m8hzd2mfxxtj9qkq',44);
INSERT INTO "order_entries" VALUES('o_01m8hzd2mfxxtj9qkq',45);
CREATE TABLE order_progress (
        seq INTEGER NOT NULL, order_id TEXT NOT NULL, center TEXT NOT NULL,
        at TEXT NOT NULL, text TEXT NOT NULL, percent INTEGER, by TEXT NOT NULL,
        PRIMARY KEY (seq));
INSERT INTO "order_progress" VALUES(12,'o_01m8hzd2k4t3wj6gp7','430682115210','2026-11-28T21:01:29.575665Z','正在巡查北堤',40,'坦渡村station');
INSERT INTO "order_progress" VALUES(16,'o_01m8hzd2k4t3wj6gp7','430682115210','2026-11-28T21:01:29.583914Z','北堤完好',100,'坦渡村station');
INSERT INTO "order_progress" VALUES(33,'o_01m8hzd2m3qmwvdv8a','430682115210','2026-11-28T21:01:29.605818Z','正在巡查北堤',40,'坦渡村station');
INSERT INTO "order_progress" VALUES(37,'o_01m8hzd2m3qmwvdv8a','430682115210','2026-11-28T21:01:29.610760Z','北堤完好',100,'坦渡村station');
INSERT INTO "order_progress" VALUES(45,'o_01m8hzd2mfxxtj9qkq','430682000000','2026-11-28T21:01:29.619953Z','完成一半',50,'临湘市leader');
CREATE TABLE order_targets (
        order_id TEXT NOT NULL, center TEXT NOT NULL, place INTEGER NOT NULL,
        name TEXT NOT NULL, step INTEGER NOT NULL, signed_at TEXT, signed_by TEXT,
        completed_at TEXT, percent INTEGER, PRIMARY KEY (order_id, center));
INSERT INTO "order_targets" VALUES('o_01m8hzd2k4t3wj6gp7','430682115210',0,'坦渡村',3,'2026-11-28T21:01:29.574395Z','坦渡村station','2026-11-28T21:01:29.583914Z',100);
INSERT INTO "order_targets" VALUES('o_01m8hzd2k4t3wj6gp7','430682115001',1,'长岭社区',0,NULL,NULL,NULL,NULL);
INSERT INTO "order_targets" VALUES('o_01m8hzd2m3qmwvdv8a','430682115210',0,'坦渡村',3,'2026-11-28T21:01:29.604753Z','坦渡村station','2026-11-28T21:01:29.610760Z',100);
INSERT INTO "order_targets" VALUES('o_01m8hzd2m3qmwvdv8a','430682115001',1,'长岭社区',0,NULL,NULL,NULL,NULL);
INSERT INTO "order_targets" VALUES('o_01m8hzd2mfxxtj9qkq','430682000000',0,'临湘市',2,'2026-11-28T21:01:29.618691Z','临湘市leader',NULL,50);
INSERT INTO "order_targets" VALUES('o_01m8hzd2mfxxtj9qkq','430682115210',1,'坦渡村',1,'2026-11-28T21:01:29.616962Z','坦渡村station',NULL,NULL);
CREATE TABLE orders (
        id TEXT NOT NULL, seq INTEGER NOT NULL, meeting TEXT, text TEXT NOT NULL,
        priority TEXT NOT NULL, due TEXT, issuer TEXT NOT NULL, issuer_center TEXT NOT NULL,
        issued_at TEXT NOT NULL, shared BOOLEAN NOT NULL, PRIMARY KEY (id));
INSERT INTO "orders" VALUES('o_01m8hzd2k4t3wj6gp7',10,'m_01m8hzd2jqxaawjrv2','加强巡查','urgent',NULL,'{"account":"a_000000000eader06x0","center":"430600000000","center_name":"岳阳市","name":"岳阳市leader"}','430600000000','2026-11-28T21:01:29.572838Z',0);
INSERT INTO "orders" VALUES('o_01m8hzd2m3qmwvdv8a',31,'m_01m8hzd2knz2qmsjae','加强巡查','urgent',NULL,'{"account":"a_000000000eader06x0","center":"430600000000","center_name":"岳阳市","name":"岳阳市leader"}','430600000000','2026-11-28T21:01:29.603144Z',0);
INSERT INTO "orders" VALUES('o_01m8hzd2mfxxtj9qkq',42,NULL,'清点物资','critical','2030-01-01T00:00:00.000000Z','{"account":"a_000000000eader06x0","center":"430600000000","center_name":"岳阳市","name":"岳阳市leader"}','430600000000','2026-11-28T21:01:29.615800Z',0);
CREATE TABLE participants (
        meeting TEXT NOT NULL, account TEXT NOT NULL, seq INTEGER NOT NULL,
        name TEXT NOT NULL, role TEXT NOT NULL, center TEXT NOT NULL,
        center_name TEXT NOT NULL, level TEXT NOT NULL, state TEXT NOT NULL,
        muted BOOLEAN NOT NULL, joined_at TEXT, left_at TEXT, PRIMARY KEY (meeting, account));
INSERT INTO "participants" VALUES('m_01m8hzd2jqxaawjrv2','a_000000000eader06x0',3,'岳阳市leader','leader','430600000000','岳阳市','city','left',0,'2026-11-28T21:01:29.562049Z','2026-11-28T21:01:29.588149Z');
INSERT INTO "participants" VALUES('m_01m8hzd2jqxaawjrv2','a_0000000eader0682x0',4,'临湘市leader','leader','430682000000','临湘市','county','left',0,'2026-11-28T21:01:29.564151Z','2026-11-28T21:01:29.588149Z');
INSERT INTO "participants" VALUES('m_01m8hzd2jqxaawjrv2','a_stat10n068211521x0',5,'坦渡村station','station','430682115210','坦渡村','village','left',0,'2026-11-28T21:01:29.565192Z','2026-11-28T21:01:29.585277Z');
INSERT INTO "participants" VALUES('m_01m8hzd2knz2qmsjae','a_000000000eader06x0',24,'岳阳市leader','leader','430600000000','岳阳市','city','joined',0,'2026-11-28T21:01:29.590910Z',NULL);
INSERT INTO "participants" VALUES('m_01m8hzd2knz2qmsjae','a_0000000eader0682x0',25,'临湘市leader','leader','430682000000','临湘市','county','joined',1,'2026-11-28T21:01:29.592023Z',NULL);
INSERT INTO "participants" VALUES('m_01m8hzd2knz2qmsjae','a_stat10n068211521x0',26,'坦渡村station','station','430682115210','坦渡村','village','removed',0,'2026-11-28T21:01:29.593048Z','2026-11-28T21:01:29.627394Z');
CREATE TABLE parts (
        recording TEXT NOT NULL, id TEXT NOT NULL, seq INTEGER NOT NULL,
        participant TEXT NOT NULL, center TEXT NOT NULL, name TEXT NOT NULL,
        file TEXT NOT NULL, tracks TEXT NOT NULL, started_at TEXT NOT NULL,
        duration_ms INTEGER, bytes INTEGER, sha256 TEXT, PRIMARY KEY (recording, id));
INSERT INTO "parts" VALUES('r_01m8hzd2jqgpyqrk8h','p_01m8hzd2jxc1np7s98',6,'a_stat10n068211521x0','430682115210','坦渡村','m_01m8hzd2jqxaawjrv2/p_01m8hzd2jxc1np7s98.webm','[{"codec":"vp8","kind":"video"},{"codec":"opus","kind":"audio"}]','2026-11-28T21:01:29.567191Z',12345,17000,'dcad3f642caaca81a7deb77e18c377a6b81b0275cccb2914798d801d2a5987b0');
INSERT INTO "parts" VALUES('r_01m8hzd2knz29jkhay','p_01m8hzd2kszbwq7j3x',27,'a_stat10n068211521x0','430682115210','坦渡村','m_01m8hzd2knz2qmsjae/p_01m8hzd2kszbwq7j3x.webm','[{"codec":"vp8","kind":"video"},{"codec":"opus","kind":"audio"}]','2026-11-28T21:01:29.594922Z',12345,17000,'dcad3f642caaca81a7deb77e18c377a6b81b0275cccb2914798d801d2a5987b0');
CREATE TABLE recordings (
        id TEXT NOT NULL, seq INTEGER NOT NULL, meeting TEXT NOT NULL,
        started_at TEXT NOT NULL, stopped_at TEXT, PRIMARY KEY (id));
INSERT INTO "recordings" VALUES('r_01m8hzd2jqgpyqrk8h',2,'m_01m8hzd2jqxaawjrv2','2026-11-28T21:01:29.559788Z','2026-11-28T21:01:29.588149Z');
INSERT INTO "recordings" VALUES('r_01m8hzd2knz29jkhay',23,'m_01m8hzd2knz2qmsjae','2026-11-28T21:01:29.589502Z','2026-11-28T21:01:29.628489Z');
INSERT INTO "recordings" VALUES('r_01m8hzd2mxwnp0jcw7',52,'m_01m8hzd2knz2qmsjae','2026-11-28T21:01:29.629502Z',NULL);
CREATE TABLE reports (
        id TEXT NOT NULL, seq INTEGER NOT NULL, meeting TEXT, situation TEXT NOT NULL,
        text TEXT NOT NULL, center TEXT NOT NULL, name TEXT NOT NULL, at TEXT NOT NULL,
        account TEXT NOT NULL, shared BOOLEAN NOT NULL, PRIMARY KEY (id));
INSERT INTO "reports" VALUES('e_01m8hzd2k0rgr4jvgj',7,'m_01m8hzd2jqxaawjrv2','abnormal','水位上涨 100%,请求_增援','430682115210','坦渡村','2026-11-28T21:01:29.568975Z','a_stat10n068211521x0',1);
INSERT INTO "reports" VALUES('e_01m8hzd2kx2wbryvyy',28,'m_01m8hzd2knz2qmsjae','abnormal','水位上涨 100%,请求_增援','430682115210','坦渡村','2026-11-28T21:01:29.597043Z','a_stat10n068211521x0',1);
INSERT INTO "reports" VALUES('e_01m8hzd2me2x6rxv1t',41,NULL,'abnormal','堤脚渗水，请派人','430682115001','长岭社区','2026-11-28T21:01:29.614508Z','a_stat10n0682115001x',0);
CREATE TABLE schema_version (version INTEGER NOT NULL, at TEXT NOT NULL, PRIMARY KEY (version));
INSERT INTO "schema_version" VALUES(1,'2026-11-28T21:01:29.541344Z');
CREATE TABLE texts (
        seq INTEGER NOT NULL, meeting TEXT, kind TEXT NOT NULL, at TEXT NOT NULL,
        text TEXT NOT NULL, audience TEXT NOT NULL, PRIMARY KEY (seq));
INSERT INTO "texts" VALUES(1,'m_01m8hzd2jqxaawjrv2','meeting.opened','2026-11-28T21:01:29.559788Z','防汛调度','["meeting"]');
INSERT INTO "texts" VALUES(7,'m_01m8hzd2jqxaawjrv2','report.filed','2026-11-28T21:01:29.568975Z','水位上涨 100%,请求_增援','["meeting","center:430682115210"]');
INSERT INTO "texts" VALUES(10,'m_01m8hzd2jqxaawjrv2','order.issued','2026-11-28T21:01:29.572838Z','加强巡查','["center:430600000000","center:430682115210","center:430682115001"]');
INSERT INTO "texts" VALUES(12,'m_01m8hzd2jqxaawjrv2','order.progressed','2026-11-28T21:01:29.575665Z','正在巡查北堤','["center:430600000000","center:430682115210"]');
INSERT INTO "texts" VALUES(13,'m_01m8hzd2jqxaawjrv2','decision.recorded','2026-11-28T21:01:29.577082Z','转移低洼群众','["meeting"]');
INSERT INTO "texts" VALUES(14,'m_01m8hzd2jqxaawjrv2','note.added','2026-11-28T21:01:29.580977Z','会议要点','["meeting"]');
INSERT INTO "texts" VALUES(16,'m_01m8hzd2jqxaawjrv2','order.completed','2026-11-28T21:01:29.583914Z','北堤完好','["center:430600000000","center:430682115210"]');
INSERT INTO "texts" VALUES(22,'m_01m8hzd2knz2qmsjae','meeting.opened','2026-11-28T21:01:29.589502Z','防汛调度','["meeting"]');
INSERT INTO "texts" VALUES(28,'m_01m8hzd2knz2qmsjae','report.filed','2026-11-28T21:01:29.597043Z','水位上涨 100%,请求_增援','["meeting","center:430682115210"]');
INSERT INTO "texts" VALUES(31,'m_01m8hzd2knz2qmsjae','order.issued','2026-11-28T21:01:29.603144Z','加强巡查','["center:430600000000","center:430682115210","center:430682115001"]');
INSERT INTO "texts" VALUES(33,'m_01m8hzd2knz2qmsjae','order.progressed','2026-11-28T21:01:29.605818Z','正在巡查北堤','["center:430600000000","center:430682115210"]');
INSERT INTO "texts" VALUES(34,'m_01m8hzd2knz2qmsjae','decision.recorded','2026-11-28T21:01:29.606905Z','转移低洼群众','["meeting"]');
INSERT INTO "texts" VALUES(35,'m_01m8hzd2knz2qmsjae','note.added','2026-11-28T21:01:29.608121Z','会议要点','["meeting"]');
INSERT INTO "texts" VALUES(37,'m_01m8hzd2knz2qmsjae','order.completed','2026-11-28T21:01:29.610760Z','北堤完好','["center:430600000000","center:430682115210"]');
INSERT INTO "texts" VALUES(53,'m_01m8hzd2knz2qmsjae','note.added','2026-11-28T21:01:29.630542Z','转入第二阶段','["meeting"]');
CREATE TABLE tokens (
        hash TEXT NOT NULL, account TEXT NOT NULL, created_at TEXT NOT NULL,
        expires_at TEXT NOT NULL, PRIMARY KEY (hash));
CREATE INDEX decisions_meeting ON decisions (meeting, seq);
CREATE INDEX decisions_seq ON decisions (seq);
CREATE INDEX entries_meeting ON entries (meeting, seq);
CREATE INDEX meeting_centers_center ON meeting_centers (center, meeting);
CREATE INDEX meetings_chair_center ON meetings (chair_center, seq);
CREATE INDEX meetings_seq ON meetings (seq);
CREATE INDEX meetings_state ON meetings (state, seq);
CREATE INDEX notes_meeting ON notes (meeting, seq);
CREATE INDEX order_progress_order ON order_progress (order_id, seq);
CREATE INDEX order_targets_center ON order_targets (center, order_id);
CREATE INDEX order_targets_open ON order_targets (order_id) WHERE step < 3;
CREATE INDEX orders_issuer_center ON orders (issuer_center, seq);
CREATE INDEX orders_meeting ON orders (meeting, seq);
CREATE INDEX orders_seq ON orders (seq);
CREATE INDEX participants_account ON participants (account, meeting);
CREATE INDEX recordings_meeting ON recordings (meeting, seq);
CREATE INDEX reports_center ON reports (center, seq);
CREATE INDEX reports_meeting ON reports (meeting, seq);
CREATE INDEX reports_seq ON reports (seq);
CREATE INDEX texts_meeting ON texts (meeting, seq);
CREATE INDEX tokens_account ON tokens (account);
COMMIT;
