/**
 * The passwords of at least eight characters that lead the published tables of leaked ones, in lower case.
 * A short list by hand and not a full corpus: runs and repetitions are caught by rule in password-policy.ts.
 */
export const COMMON_PASSWORDS: ReadonlySet<string> = new Set(
  `
  password passw0rd p@ssword p@ssw0rd pa55word pa$$word password1 password2 password3 password12 password123
  password1234 password12345 password123456 password01 password11 password! password1! passw0rd1 passw0rd! p@ssw0rd1
  p@ssw0rd! p@ssw0rd123 mypassword newpassword yourpassword thepassword passwords password99 password00 password2024
  password2025 password2026 passphrase passpass pass1234 pass12345 pass123456 pass4321 test1234 test12345 testtest
  testing1 testing123 test123456 changeme changeme1 changeme123 changeit letmein1 letmein123 letmeinnow welcome1
  welcome12 welcome123 welcome1234 welcome2024 welcome2025 welcome2026 admin123 admin1234 admin12345 admin123456
  adminadmin administrator administrator1 admin@123 admin2024 admin2025 admin2026 root1234 rootroot toor1234
  user1234 username useruser guest123 guestguest default1 default123 secret123 secretsecret topsecret master123
  qwerty12 qwerty123 qwerty1234 qwerty12345 qwerty123456 qwertyui qwertyuiop qwertyuiop123 qwerty!@# qwertyqwerty
  qwer1234 qwer12345 asdfghjk asdfghjkl asdf1234 asdfasdf asdfghjkl1 zxcvbnm1 zxcvbnm123 zxcvbnm, zxcv1234 zxcvzxcv
  qazwsxedc qazwsx123 qaz123wsx 1qaz2wsx 1qaz2wsx3edc 1qaz@wsx !qaz2wsx 1q2w3e4r 1q2w3e4r5t 1q2w3e4r5t6y q1w2e3r4
  q1w2e3r4t5 q1w2e3r4t5y6 zaq12wsx zaq1zaq1 zaq1xsw2 1a2b3c4d a1b2c3d4 a1b2c3d4e5 abcd1234 abcd12345 abc12345
  abc123456 abcabc123 abc123abc aa123456 aa12345678 a1234567 a12345678 a123456789 aaa111222 1234abcd 12345qwert
  123456abc 1234567a 12345678a 123456789a 123456789q 123qweasd 123qwe123 123qweasdzxc qwe123qwe 123abc123 1234qwer
  12qwaszx 123123123 123321123 12341234 12344321 1234554321 123454321 123698745 147258369 1472583690 159357456
  159753456 741852963 789456123 789456123a 987654321a 963852741 112233445566 11223344 1122334455 111222333 121212121
  12121212 13131313 123454321a 19841984 19851985 20002000 20102010 20202020 25802580 31415926 314159265 27182818
  00000001 01234567 012345678 0123456789 1234567890 12345678910 123456789123 1234567891 12345679 87654321 9876543210
  iloveyou iloveyou1 iloveyou2 iloveyou12 iloveyou123 iloveyou! iloveu123 loveyou1 lovelove lovely123 loveme123
  sunshine sunshine1 sunshine123 princess princess1 princess12 princess123 football football1 football12 football123
  baseball baseball1 basketball basketball1 superman superman1 superman123 batman123 spiderman spiderman1 pokemon1
  pokemon123 starwars starwars1 jordan23 michael1 michelle michelle1 jennifer jennifer1 jessica1 jonathan anthony1
  ashley123 charlie1 charlie123 christian christine christopher daniel123 elizabeth victoria victoria1 samantha
  samantha1 alexander alexander1 alexandra benjamin brandon1 dolphins dolphin1 dragon12 dragon123 monkey12 monkey123
  shadow12 shadow123 hunter12 hunter123 killer123 maverick mercedes metallica midnight mustang1 mustang123 corvette
  chocolate chocolate1 butterfly butterfly1 babygirl babygirl1 blink182 bulldogs computer computer1 computer123 cookie123
  courtney cowboys1 danielle diamond1 einstein ferrari1 fireball flower123 forever1 freedom1 friends1 garfield ginger123
  godzilla hardcore heather1 hello123 hello1234 hellohello hockey123 internet internet1 jackass1 jackson1 jasmine1
  justin123 lakers24 liverpool liverpool1 manchester marlboro minecraft minecraft1 minecraft123 nicholas nintendo
  patricia peaches1 pineapple playboy1 porsche911 qwerty77 rainbow1 redskins samsung1 samsung123 scorpion scooter1
  september shithead simpsons slipknot snickers snowball softball startrek steelers stephanie swordfish thunder1
  trustno1 trustno11 undertaker united123 vampire1 whatever whatever1 williams windows1 winston1 wolverine yankees1
  fuckyou1 fuckyou2 fuckyou123 fuck_you asshole1 bitch123 bigdaddy biteme123 blessed1 bubbles1 buster123 cheese123
  angel123 angels123 arsenal1 arsenal123 barcelona chelsea1 chelsea123 realmadrid juventus january1 february december
  november1 october1 summer01 summer12 summer123 summer2024 summer2025 summer2026 winter123 winter2024 winter2025
  winter2026 spring2024 spring2025 spring2026 autumn2025 autumn2026 monday123 friday13 google123 facebook facebook1
  linkedin twitter1 instagram telegram whatsapp youtube1 tinkerbell toyota123 motorola nokia1234 iphone123 android1
  azerty123 azertyuiop motdepasse bonjour1 bonjour123 doudou123 passwort passwort1 passwort123 hallo1234 schatz123
  contraseña contrasena hola1234 teamo123 tequiero estrella mariposa senha123 senha1234 wachtwoord welkom01 welkom123
  haslo123 polska123 matrix123 parola123 heslo1234 kennwort database database1 postgres postgres1 postgresql rabbitmq
  minioadmin mongodb123 redis1234 datacore datacore1 datacore123 dashboard company1 company123 customer customer1
  letmein! opensesame abracadabra access14 accessme superuser superuser1 supervisor operator operator1 manager1 manager123
  office123 support1 support123 service1 security security1 server123 network1 system123 temp1234 temporary temppass
  demo1234 demodemo example1 sample123 student1 student123 teacher1 school123 training1 login123 loginlogin logmein1
  `
    .trim()
    .split(/\s+/),
);
