import { dictionary } from '@zxcvbn-ts/language-common';

/** Of our time, trade and product, which the tables of leaked passwords do not have. */
const OURS = `
  p@ssword pa$$word password12345 password123456 password1! passw0rd! p@ssw0rd1 p@ssw0rd! p@ssw0rd123
  yourpassword thepassword password2024 password2025 password2026 passphrase pass12345 pass123456 pass4321
  test12345 test123456 changeme123 welcome1234 welcome2024 welcome2025 welcome2026 admin1234 admin12345
  admin123456 adminadmin administrator1 admin@123 admin2024 admin2025 admin2026 root1234 rootroot toor1234
  user1234 useruser guest123 guestguest default123 secretsecret qwerty!@# qwertyqwerty zxcvbnm, zxcvzxcv
  zaq1zaq1 abcabc123 aa12345678 aaa111222 123123123 12341234 121212121 12121212 13131313 123454321a 19841984
  19851985 20002000 20102010 20202020 27182818 01234567 012345678 0123456789 87654321 9876543210 iloveu123
  lovely123 loveme123 sunshine123 princess12 princess123 mustang123 computer123 flower123 minecraft1 trustno11
  united123 fuck_you biteme123 cheese123 angels123 chelsea123 summer123 summer2024 summer2025 summer2026
  winter123 winter2024 winter2025 winter2026 spring2024 spring2025 spring2026 autumn2025 autumn2026 monday123
  facebook1 linkedin twitter1 instagram telegram whatsapp youtube1 toyota123 nokia1234 iphone123 android1
  bonjour123 doudou123 passwort123 hallo1234 schatz123 contraseña hola1234 teamo123 senha1234 welkom123 haslo123
  polska123 parola123 heslo1234 database1 postgres postgres1 postgresql rabbitmq minioadmin mongodb123 redis1234
  datacore datacore1 datacore123 dashboard company1 company123 customer1 letmein! accessme superuser superuser1
  operator1 manager123 office123 support123 server123 system123 demo1234 demodemo example1 sample123 student123
  school123 training1 login123 loginlogin logmein1
`;

/** In lower case: the 49,000 that lead the tables of leaked passwords, and ours. Runs and repetitions are caught by rule. */
export const COMMON_PASSWORDS: ReadonlySet<string> = new Set([
  ...dictionary['passwords-common'].map((password) => password.toLowerCase()),
  ...OURS.trim().split(/\s+/),
]);
