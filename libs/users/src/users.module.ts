import { Module } from '@nestjs/common';
import { JwtModule } from '@nestjs/jwt';
import { TypeOrmModule } from '@nestjs/typeorm';
import { AuditModule } from '@app/audit';
import { AccessTokens } from './access-token.js';
import { AdministratorService } from './administrator.service.js';
import { AuthenticationService } from './authentication.service.js';
import { DownloadTickets } from './download-ticket.service.js';
import { LoginThrottle } from './login-throttle.js';
import { PasswordHasher } from './password-hasher.js';
import { RefreshTokenEntity } from './refresh-token.entity.js';
import { SessionEntity } from './session.entity.js';
import { SessionService } from './session.service.js';
import { UserEntity } from './user.entity.js';
import { UserService } from './user.service.js';

@Module({
  imports: [
    TypeOrmModule.forFeature([UserEntity, SessionEntity, RefreshTokenEntity]),
    JwtModule.register({}),
    AuditModule,
  ],
  providers: [
    AccessTokens,
    AdministratorService,
    AuthenticationService,
    DownloadTickets,
    LoginThrottle,
    PasswordHasher,
    SessionService,
    UserService,
  ],
  exports: [AdministratorService, AuthenticationService, DownloadTickets, SessionService, UserService],
})
export class UsersModule {}
